import { expect, test } from 'vitest';
import { importText, makeDatabase, ndjson, oldHash, runCommand } from './commands.ts';

test('roles:backfill gives a role to whoever has none, and makes an Owner unless told not to', async () => {
  const database = await makeDatabase();
  const environment = { DATABASE_URL: database.url };
  const emails = ['a@example.com', 'b@example.com', 'c@example.com'];
  const rows = ndjson(emails.map((email) => ({ email, passwordHash: oldHash })));
  await importText(database, 'ndjson', rows);
  await database.query(`UPDATE users SET created_at = '1999-01-01' WHERE email = 'b@example.com'`);
  const roles = () =>
    database.query(
      `SELECT u.email, r.name FROM role_assignments a JOIN users u ON u.id = a.user_id
         JOIN roles r ON r.id = a.role_id ORDER BY 1`,
    );

  await database.query(`DELETE FROM role_assignments WHERE user_id IN
    (SELECT id FROM users WHERE email = 'a@example.com')`);
  const plain = await runCommand(['roles:backfill', '--no-owner', '--json'], environment);
  expect(plain.code).toBe(0);
  expect(JSON.parse(plain.stdout)).toEqual({
    assignedOwner: 0,
    assignedUsers: 1,
    totalProcessed: 1,
  });
  expect(await roles()).toEqual(emails.map((email) => ({ email, name: 'User' })));

  await database.query('DELETE FROM role_assignments');
  const made = await runCommand(['roles:backfill'], environment);
  expect(made).toMatchObject({
    code: 0,
    stdout: '',
    stderr: '3 users had no role: 2 got the default one, 1 became Owner.\n',
  });
  expect(await roles()).toEqual([
    { email: 'a@example.com', name: 'User' },
    { email: 'b@example.com', name: 'Owner' },
    { email: 'c@example.com', name: 'User' },
  ]);
});

import { beforeEach, expect, test } from 'vitest';
import { login, loginCodes } from '../session/sessions.ts';
import { password, registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { runCommand } from './commands.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  return () => server.stop();
});

function createOwner(
  email: string,
  options: readonly string[] = [],
  { input = `${password}\n`, environment = {} } = {},
) {
  const target = { DATABASE_URL: server.database.url, ...environment };
  return runCommand(['create-owner', email, ...options], target, input);
}

const rolesOf = (email: string) =>
  server.database.query(
    `SELECT r.name FROM users u JOIN role_assignments a ON a.user_id = u.id
       JOIN roles r ON r.id = a.role_id WHERE u.email = $1 ORDER BY r.name`,
    [email],
  );

test('makes the confirmed Owner of a new installation; whoever registers next is a User', async () => {
  const { code, stdout } = await createOwner('ada@example.com', ['--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ userId: expect.any(String) as string, existed: false });
  expect(await rolesOf('ada@example.com')).toEqual([{ name: 'Owner' }]);
  expect((await login(server.client, 'ada@example.com')).errors).toEqual([]);
  const next = await registerPerson(server);
  expect(await rolesOf(next.email)).toEqual([{ name: 'User' }]);
  expect(
    await server.database.query(
      `SELECT action, actor_type FROM audit_events
       WHERE subject_id = $1 AND action <> 'session.opened' ORDER BY id`,
      [(JSON.parse(stdout) as { userId: string }).userId],
    ),
  ).toEqual([
    { action: 'user.registered', actor_type: 'system' },
    { action: 'role.assigned', actor_type: 'system' },
  ]);
});

test('refuses when there has been an Owner, and changes nothing', async () => {
  await registerPerson(server, { email: 'first@example.com' });
  await server.database.query('UPDATE users SET is_active = false');
  const { code, stdout, stderr } = await createOwner('ada@example.com');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('OWNER_ROLE_PROTECTED');
  expect(stderr).toContain('--force');
  expect(await server.database.query('SELECT email FROM users')).toEqual([
    { email: 'first@example.com' },
  ]);
});

test('with --force a new account becomes one more Owner', async () => {
  await registerPerson(server, { email: 'first@example.com' });
  expect(await createOwner('ada@example.com', ['--force'])).toMatchObject({ code: 0 });
  expect(await rolesOf('ada@example.com')).toContainEqual({ name: 'Owner' });
  expect((await login(server.client, 'ada@example.com')).errors).toEqual([]);
  expect(await rolesOf('first@example.com')).toEqual([{ name: 'Owner' }]);
});

test('with --force a lost Owner comes back: active, confirmed, with the new password', async () => {
  const lost = await registerPerson(server, { email: 'ada@example.com' });
  await server.database.query('UPDATE users SET is_active = false, confirmed_at = NULL');
  await server.database.query('DELETE FROM role_assignments');
  const input = 'another horse battery\n';
  const { code, stdout } = await createOwner('ADA@example.com', ['--force', '--json'], { input });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ userId: lost.id, existed: true });
  expect(await rolesOf('ada@example.com')).toEqual([{ name: 'Owner' }]);
  expect(await loginCodes(server.client, lost.email)).toEqual(['INVALID_CREDENTIALS']);
  expect(
    await loginCodes(server.client, lost.email, { password: 'another horse battery' }),
  ).toEqual([]);
  expect((await lost.client.graphql('{ me { id } }')).data).toEqual({ me: null });
  expect(
    await server.database.query(
      `SELECT actor_type, subject_id FROM audit_events WHERE action = 'ownership.recovered'`,
    ),
  ).toEqual([{ actor_type: 'system', subject_id: lost.id }]);
});

test('an account with the address is not taken over without --force', async () => {
  await server.database.query(
    `INSERT INTO users (id, email, password_hash, created_at, updated_at)
     VALUES ('019b0000-0000-7000-8000-0000000000aa', 'ada@example.com', '', now(), now())`,
  );
  const { code, stderr } = await createOwner('ada@example.com');
  expect(code).toBe(1);
  expect(stderr).toContain('email belongs to an account already (TAKEN)');
  expect(await rolesOf('ada@example.com')).toEqual([]);
});

test('tells everything that is wrong with address and password', async () => {
  const { code, stderr } = await createOwner('nobody', [], { input: 'short' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/email .*\(INVALID\)/);
  expect(stderr).toMatch(/password .*\(TOO_SHORT\)/);
  expect((await createOwner('ada@example.com', [], { input: '' })).stderr).toContain('REQUIRED');
  const reserved = { environment: { OWNER_EMAIL: 'grace@example.com' } };
  expect((await createOwner('ada@example.com', [], reserved)).stderr).toContain('OWNER_EMAIL');
  expect(await server.database.query('SELECT FROM users')).toEqual([]);
});

test('a password among the arguments is not understood', async () => {
  expect(await createOwner('ada@example.com', ['--password', password])).toMatchObject({ code: 2 });
  expect(await createOwner('ada@example.com', [password])).toMatchObject({ code: 2 });
});

test('of four at once on a new installation, one makes the Owner', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 4 }, (_, index) => createOwner(`person${index}@example.com`)),
  );
  expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 1, 1, 1]);
  expect(await server.database.query('SELECT FROM role_assignments')).toHaveLength(1);
});

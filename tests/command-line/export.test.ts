import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { TestDatabase } from '../support/database.ts';
import { importText, makeDatabase, makeFolder, ndjson, oldHash, runCommand } from './commands.ts';

const people = [
  { email: 'ada@example.com', passwordHash: oldHash, firstName: '=1+1', lastName: '@SUM(A1)' },
  { email: '+49@example.com', passwordHash: oldHash, username: 'bob', locale: 'de' },
  { email: 'q"uote,x@example.com', passwordHash: oldHash, firstName: '-Zoë', isActive: false },
  {
    email: 'all@example.com',
    passwordHash: oldHash,
    roles: ['Admin', 'User'],
    timezone: '+05:30',
    confirmedAt: '2024-05-31T08:15:00.123Z',
    customFields: { level: 3, tags: ['a', 'b;c'], note: 'a "quoted"\nline \\N', deep: { x: null } },
    createdAt: '2020-01-01T00:00:00Z',
  },
];

async function withPeople(): Promise<TestDatabase> {
  const database = await makeDatabase();
  expect(await importText(database, 'ndjson', ndjson(people))).toMatchObject({ code: 0 });
  return database;
}

const everything = `
  SELECT u.id, email, username, first_name, last_name, password_hash, confirmed_at, is_active,
    timezone, preferred_locale, u.created_at, custom_fields,
    ARRAY(SELECT role_id FROM role_assignments WHERE user_id = u.id ORDER BY 1) AS roles
  FROM users u ORDER BY id`;

test.each(['csv', 'ndjson'] as const)(
  'what is exported as %s and imported elsewhere is the same users',
  async (format) => {
    const [database, other] = [await withPeople(), await makeDatabase()];
    const file = join(await makeFolder(), `users.${format}`);
    const args = ['export', file, '--with-password-hashes', '--json'];
    const { code, stdout } = await runCommand(args, { DATABASE_URL: database.url });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ exported: 4 });
    const imported = await runCommand(['import', file], { DATABASE_URL: other.url });
    expect(imported).toMatchObject({ code: 0 });
    expect(await other.query(everything)).toEqual(await database.query(everything));
    const [again, before] = [join(dirname(file), `again.${format}`), await readFile(file, 'utf8')];
    await runCommand(['export', again, '--with-password-hashes'], { DATABASE_URL: other.url });
    expect(await readFile(again, 'utf8')).toBe(before);
  },
);

test('writes by id, in order, without hashes unless they are asked for, and says so in the log', async () => {
  const database = await withPeople();
  const environment = { DATABASE_URL: database.url };
  const { code, stdout } = await runCommand(['export', '-', '--format', 'ndjson'], environment);
  expect(code).toBe(0);
  expect(stdout).not.toContain('$2');
  const users = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string });
  const ids = users.map(({ id }) => id);
  expect(ids).toEqual([...ids].sort());
  expect(users[3]).toEqual({
    id: ids[3],
    email: 'all@example.com',
    username: null,
    firstName: null,
    lastName: null,
    confirmedAt: '2024-05-31T08:15:00.123Z',
    isActive: true,
    timezone: '+05:30',
    locale: null,
    roles: ['Admin', 'User'],
    customFields: people[3]?.customFields,
    createdAt: '2020-01-01T00:00:00.000Z',
  });
  await runCommand(['export', '-', '--format', 'csv', '--with-password-hashes'], environment);
  expect(
    await database.query(
      `SELECT actor_type, metadata FROM audit_events WHERE action = 'users.exported' ORDER BY id`,
    ),
  ).toEqual([
    { actor_type: 'system', metadata: { withPasswordHashes: false } },
    { actor_type: 'system', metadata: { withPasswordHashes: true } },
  ]);
});

test('cells are as they are, and with --escape-formulas none is a formula', async () => {
  const database = await withPeople();
  const environment = { DATABASE_URL: database.url };
  const plain = await runCommand(['export', '-', '--format', 'csv'], environment);
  expect(plain.stdout).toContain(',ada@example.com,,=1+1,@SUM(A1),');
  expect(plain.stdout).toContain('"q""uote,x@example.com"');
  const args = ['export', '-', '--format', 'csv', '--escape-formulas'];
  const { stdout } = await runCommand(args, environment);
  expect(stdout).toContain(",ada@example.com,,'=1+1,'@SUM(A1),");
  expect(stdout).toContain(",'-Zoë,");
  expect(stdout).not.toMatch(/(^|,)"?[=+\-@]/m);
});

test('a file is for its owner alone, takes the place of the old one, and is whole or not there', async () => {
  const database = await withPeople();
  const file = join(await makeFolder(), 'users.csv');
  await writeFile(file, 'old');
  const failed = await runCommand(['export', file], { DATABASE_URL: 'postgres://127.0.0.1:1/x' });
  expect(failed.code).toBe(1);
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await runCommand(['export', file], { DATABASE_URL: database.url })).toMatchObject({
    code: 0,
  });
  expect((await readFile(file, 'utf8')).split('\r\n')).toHaveLength(6);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(dirname(file))).toEqual(['users.csv']);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { importText, ndjson, oldHash, reasons } from './commands.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

let counter = 0;
const user = (fields: Readonly<Record<string, unknown>> = {}) => {
  counter += 1;
  return { email: `user${counter}@example.com`, passwordHash: oldHash, ...fields };
};

const cost = (digits: string) => oldHash.replace('$04$', `$${digits}$`);

/** A row, and field and code of each reason to refuse it. */
const cases: readonly (readonly [unknown, ...string[]])[] = [
  [{ passwordHash: oldHash }, 'email REQUIRED'],
  [user({ email: '  ' }), 'email REQUIRED'],
  [user({ email: 'nobody' }), 'email INVALID'],
  [user({ email: 'a b@example.com' }), 'email INVALID'],
  [user({ email: `${'a'.repeat(160)}@example.com` }), 'email TOO_LONG'],
  [user({ email: 'a\u0000@example.com' }), 'email INVALID'],
  [user({ email: 'a\ud800@example.com' }), 'email INVALID'],
  [user({ email: 42 }), 'email INVALID'],
  [user({ passwordHash: null }), 'passwordHash REQUIRED'],
  [user({ passwordHash: 'secret' }), 'passwordHash INVALID'],
  [user({ passwordHash: `${oldHash}x` }), 'passwordHash INVALID'],
  [user({ passwordHash: '$argon2id$v=19$m=65536' }), 'passwordHash INVALID'],
  [user({ passwordHash: oldHash.replace('$2y$', '$2x$') }), 'passwordHash INVALID'],
  [user({ passwordHash: cost('03') }), 'passwordHash INVALID'],
  [user({ passwordHash: cost('21') }), 'passwordHash INVALID'],
  [user({ username: 'a' }), 'username TOO_SHORT'],
  [user({ username: '1ada' }), 'username INVALID'],
  [user({ firstName: 'x'.repeat(101) }), 'firstName TOO_LONG'],
  [user({ lastName: 'a\nb' }), 'lastName INVALID'],
  [user({ firstName: ['Ada'] }), 'firstName INVALID'],
  [user({ confirmedAt: '2024-02-30T00:00:00Z' }), 'confirmedAt INVALID'],
  [user({ confirmedAt: '2024-05-31T08:15:00' }), 'confirmedAt INVALID'],
  [user({ createdAt: 'yesterday' }), 'createdAt INVALID'],
  [user({ createdAt: '2999-01-01T00:00:00Z' }), 'createdAt INVALID'],
  [user({ isActive: 'yes' }), 'isActive INVALID'],
  [user({ timezone: 'Europe/Nowhere' }), 'timezone INVALID'],
  [user({ locale: 'invalid' }), 'locale INVALID'],
  [user({ roles: 'User' }), 'roles INVALID'],
  [user({ roles: [1] }), 'roles INVALID'],
  [user({ roles: ['User', 'Wizard'] }), 'roles ROLE_NOT_FOUND'],
  [user({ roles: ['owner'] }), 'roles OWNER_ROLE_PROTECTED'],
  [user({ id: '42' }), 'id INVALID'],
  [user({ password: 'secret' }), 'password UNKNOWN_FIELD'],
  [user({ registrationIp: '127.0.0.1' }), 'registrationIp UNKNOWN_FIELD'],
  [
    { email: 'x', username: '?' },
    'email INVALID',
    'passwordHash REQUIRED',
    'username INVALID',
    'username TOO_SHORT',
  ],
  ['text', 'row INVALID'],
  [['list'], 'row INVALID'],
  [null, 'row INVALID'],
];

test('what breaks a rule of the API is refused with field and code; the others are taken', async () => {
  const rows = cases.flatMap(([row]) => [row, user()]);
  const { code, outcome } = await importText(database, 'ndjson', ndjson(rows));
  expect(code).toBe(3);
  expect(outcome).toMatchObject({ read: rows.length, imported: cases.length });
  expect(reasons(outcome).sort()).toEqual(
    cases.flatMap(([, ...codes], at) => codes.map((reason) => `${2 * at + 1} ${reason}`)).sort(),
  );
  expect(await database.query('SELECT FROM role_assignments')).toHaveLength(cases.length);
});

test('a username or an id that another user has is refused, within the file as well', async () => {
  const id = '019b0000-0000-7000-8000-00000000b0b0';
  const bob = user({ id, username: 'bob' });
  expect(await importText(database, 'ndjson', ndjson([bob]))).toMatchObject({ code: 0 });
  const { outcome } = await importText(
    database,
    'ndjson',
    ndjson([
      user({ username: 'BOB' }),
      user({ id }),
      user({ id, username: 'bob' }),
      user({ username: 'carol' }),
      user({ username: 'Carol' }),
    ]),
  );
  expect(outcome).toMatchObject({ read: 5, imported: 1, refused: 4, skipped: 0 });
  expect(reasons(outcome)).toEqual([
    '1 username TAKEN',
    '2 id TAKEN',
    '3 username TAKEN',
    '3 id TAKEN',
    '5 username TAKEN',
  ]);
});

test('roles that an administrator made can be given, and the default is the configured one', async () => {
  await database.query(
    `INSERT INTO roles (id, name, created_at, updated_at)
     VALUES (gen_random_uuid(), 'Staff; of "ours"', now(), now())`,
  );
  const row = user({ roles: ['staff; of "OURS"', 'User', 'user'] });
  expect(await importText(database, 'ndjson', ndjson([row]))).toMatchObject({ code: 0 });
  expect(
    await database.query(
      `SELECT r.name FROM users u JOIN role_assignments a ON a.user_id = u.id
         JOIN roles r ON r.id = a.role_id WHERE email = $1 ORDER BY 1`,
      [row.email],
    ),
  ).toEqual([{ name: 'Staff; of "ours"' }, { name: 'User' }]);
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { login, loginCodes } from '../session/sessions.ts';
import { password } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import {
  importText,
  makeDatabase,
  makeFile,
  makeFolder,
  ndjson,
  oldHash,
  reasons,
  runCommand,
} from './commands.ts';

const ada = {
  id: '019b0000-0000-7000-8000-00000000ada0',
  email: 'Ada@Example.com',
  username: 'ada',
  firstName: 'Ada "the first"',
  lastName: 'Lovelace, née Byron\\N',
  passwordHash: oldHash,
  confirmedAt: '2024-05-31T10:15:00.123+02:00',
  isActive: false,
  timezone: 'Europe/London',
  locale: 'en-gb',
  roles: ['Admin', 'user'],
  createdAt: '1999-12-31 23:59:59+00',
};

const stored = `
  SELECT u.email, username, first_name, last_name, password_hash, confirmed_at, is_active, timezone,
    preferred_locale, u.created_at, array_agg(r.name::text ORDER BY r.name) AS roles
  FROM users u JOIN role_assignments a ON a.user_id = u.id JOIN roles r ON r.id = a.role_id
  GROUP BY u.id ORDER BY u.email`;

const adaStored = {
  email: ada.email,
  username: 'ada',
  first_name: ada.firstName,
  last_name: ada.lastName,
  password_hash: oldHash,
  confirmed_at: new Date('2024-05-31T08:15:00.123Z'),
  is_active: false,
  timezone: 'Europe/London',
  preferred_locale: 'en-GB',
  created_at: new Date('1999-12-31T23:59:59Z'),
  roles: ['Admin', 'User'],
};

test('NDJSON: takes all that is said of a user, and little has to be', async () => {
  const database = await makeDatabase();
  const rows = ndjson([ada, { email: 'bob@example.com', passwordHash: oldHash, roles: [] }]);
  const { code, outcome } = await importText(database, 'ndjson', `${rows}\n\n`);
  expect(code).toBe(0);
  expect(outcome).toMatchObject({ read: 2, imported: 2, skipped: 0, refused: 0, dryRun: false });
  const [first, second] = await database.query(stored);
  expect(first).toEqual(adaStored);
  expect(second).toMatchObject({
    email: 'bob@example.com',
    username: null,
    confirmed_at: null,
    is_active: true,
    roles: ['User'],
  });
  expect(await database.query('SELECT id FROM users WHERE username = $1', ['ada'])).toEqual([
    { id: ada.id },
  ]);
});

test('CSV: the same, with quotes, line feeds in cells, a mark at the beginning, any order', async () => {
  const database = await makeDatabase();
  const csv = [
    'passwordHash,email,id,username,firstName,lastName,confirmedAt,isActive,timezone,locale,roles,createdAt',
    `${oldHash},${ada.email},${ada.id},ada,"Ada ""the first""","${ada.lastName}",` +
      `${ada.confirmedAt},FALSE,Europe/London,en-gb,"Admin;user",${ada.createdAt}`,
    `${oldHash},"\nbob@example.com\n",,,,,,,,,"[""User""]",`,
  ].join('\r\n');
  const { code, outcome } = await importText(database, 'csv', `\ufeff${csv}`);
  expect({ code, reasons: reasons(outcome) }).toEqual({ code: 0, reasons: [] });
  const [first, second] = await database.query(stored);
  expect(first).toEqual(adaStored);
  expect(second).toMatchObject({ email: 'bob@example.com', username: null, roles: ['User'] });
});

test('every user has an audit entry in the name of Gatehouse itself', async () => {
  const database = await makeDatabase();
  await importText(database, 'ndjson', ndjson([ada]));
  expect(
    await database.query('SELECT action, actor_type, subject_id, metadata FROM audit_events'),
  ).toEqual([
    {
      action: 'user.imported',
      actor_type: 'system',
      subject_id: ada.id,
      metadata: { roles: ['Admin', 'User'] },
    },
  ]);
});

test('an imported user signs in with the old password, and is hashed anew', async () => {
  const server = await startTestServer();
  try {
    const rows = ndjson([{ email: 'ada@example.com', passwordHash: oldHash }]);
    await importText(server.database, 'ndjson', rows);
    expect(await loginCodes(server.client, 'ada@example.com', { password: 'wrong' })).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    expect((await login(server.client, 'ada@example.com', { password })).errors).toEqual([]);
    const [user] = await server.database.query<{ password_hash: string }>(
      'SELECT password_hash FROM users',
    );
    expect(user?.password_hash).toMatch(/^\$2b\$04\$/);
  } finally {
    await server.stop();
  }
});

test('whose address has an account is skipped, in the file as well, and stays as it is', async () => {
  const database = await makeDatabase();
  const rows = ndjson([ada, { ...ada, email: 'ADA@example.com', firstName: 'Other' }]);
  const first = await importText(database, 'ndjson', rows);
  expect(first).toMatchObject({ code: 0, outcome: { imported: 1, skipped: 1, refused: 0 } });
  const again = await importText(database, 'ndjson', rows);
  expect(again).toMatchObject({ code: 0, outcome: { imported: 0, skipped: 2, refused: 0 } });
  expect(await database.query(stored)).toEqual([adaStored]);
  expect(await database.query('SELECT FROM audit_events')).toHaveLength(1);
});

test('--dry-run tells what would be, and makes nothing', async () => {
  const database = await makeDatabase();
  await importText(database, 'ndjson', ndjson([ada]));
  const bob = { email: 'bob@example.com', username: 'bob', passwordHash: oldHash };
  const rows = ndjson([
    ada,
    bob,
    { ...bob, email: 'BOB@example.com' },
    { ...bob, email: 'other@example.com' },
    { ...bob, email: 'third@example.com', username: 'ADA' },
  ]);
  const tried = await importText(database, 'ndjson', rows, ['--dry-run']);
  expect(tried.code).toBe(3);
  expect(tried.outcome).toMatchObject({ dryRun: true, read: 5, imported: 1, skipped: 2 });
  expect(reasons(tried.outcome)).toEqual(['4 username TAKEN', '5 username TAKEN']);
  expect(await database.query('SELECT FROM users')).toHaveLength(1);
  expect(await database.query('SELECT FROM audit_events')).toHaveLength(1);
  const done = await importText(database, 'ndjson', rows);
  expect({ ...done.outcome, seconds: 0 }).toEqual({ ...tried.outcome, dryRun: false, seconds: 0 });
});

test('refused rows are told in words, and all of them in a report', async () => {
  const database = await makeDatabase();
  const good = { email: 'ada@example.com', passwordHash: oldHash };
  const bad = Array.from({ length: 150 }, (_, at) => ({
    email: `bad${at}\u001b[31m`,
    isActive: 1,
  }));
  const file = await makeFile('users.jsonl', ndjson([good, ...bad]));
  const report = join(await makeFolder(), 'refused.ndjson');
  const { code, stdout, stderr } = await runCommand(['import', file, '--report', report], {
    DATABASE_URL: database.url,
  });
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain('line 2, bad0�[31m: email must');
  expect(stderr).toContain('isActive must be true or false (INVALID)');
  expect(stderr).toContain('line 21,');
  expect(stderr).not.toContain('line 22,');
  expect(stderr).toContain('and 130 more\n');
  expect(stderr).toMatch(/^Imported 1 of 151 rows; 0 skipped, .*; 150 refused; .* a second$/m);
  expect(stderr).toContain('Nobody is Owner yet');
  const lines = (await readFile(report, 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(150);
  expect(JSON.parse(lines[149] ?? '')).toMatchObject({
    line: 151,
    email: 'bad149\u001b[31m',
    errors: [
      { field: 'email', code: 'INVALID', message: 'must not contain control characters' },
      { field: 'email', code: 'INVALID' },
      { field: 'passwordHash', code: 'REQUIRED' },
      { field: 'isActive', code: 'INVALID' },
    ],
  });
});

test('--quiet tells only what was refused', async () => {
  const database = await makeDatabase();
  await database.query('UPDATE installation SET owner_claimed_at = now()');
  const file = await makeFile('a.ndjson', ndjson([ada, { email: 'x' }]));
  const environment = { DATABASE_URL: database.url };
  const { code, stderr } = await runCommand(['import', file, '--quiet'], environment);
  expect(code).toBe(3);
  expect(stderr.split('\n')).toEqual([expect.stringMatching(/^ {2}line 2, x: /), '']);
});

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  importText,
  makeDatabase,
  makeFile,
  ndjson,
  oldHash,
  reasons,
  runCommand,
} from './commands.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test.each([
  ['', 'The file is empty: it has no header.'],
  ['mail,passwordHash,mail\n', '"mail" is not a field', 'mail is there twice', 'email is missing'],
  ['email,passwordHash,password\n', '"password" is not a field; accepted: id, email, '],
])(
  'a header that cannot be used ends the import before the first row: %j',
  async (csv, ...told) => {
    const { code, stdout, stderr } = await importText(
      database,
      'csv',
      `${csv}a@example.com,x,y\n`.slice(csv === '' ? 99 : 0),
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    for (const text of told) expect(stderr).toContain(text);
    expect(await database.query('SELECT FROM users')).toEqual([]);
  },
);

test('CSV: rows that are wrong by themselves are refused, with the line they begin on', async () => {
  const header = 'email,passwordHash,firstName\n';
  const rows = [
    Buffer.from(`few@example.com,${oldHash}\n`),
    Buffer.from(`many@example.com,${oldHash},Ada,Byron\n`),
    Buffer.from(`two@example.com,${oldHash},"Ada\nByron"\n`),
    Buffer.from(`latin1@example.com,${oldHash},Zo\xeb\n`, 'latin1'),
    Buffer.from(`nul@example.com,${oldHash},A\0da\n\n`),
    Buffer.from(`"hash@example.com",nothing,Ada\r\n`),
    Buffer.from(`zoë@example.com,${oldHash},Zoë 🦄\r\n`),
  ];
  const { code, outcome } = await importText(
    database,
    'csv',
    Buffer.concat([Buffer.from(header), ...rows]),
  );
  expect(code).toBe(3);
  expect(reasons(outcome)).toEqual([
    '2 row INVALID',
    '3 row INVALID',
    '4 firstName INVALID',
    '6 firstName INVALID',
    '7 firstName INVALID',
    '9 passwordHash INVALID',
  ]);
  expect(await database.query('SELECT email, first_name FROM users')).toEqual([
    { email: 'zoë@example.com', first_name: 'Zoë 🦄' },
  ]);
});

test.each([
  ['an unterminated quote', '"', 'near line 3 |quote at line 3'],
  ['text after a quote', 'x"y"\n', 'quote is found'],
  ['a row without end', `"${'x'.repeat(2_000_000)}"\n`, 'longer than 1048576 bytes'],
])('CSV: %s ends the import; what came before can be taken again', async (_, broken, told) => {
  const csv = `email,passwordHash,firstName\nzoë@example.com,${oldHash},\ny@example.com,z,${broken}`;
  const { code, stderr } = await importText(database, 'csv', csv);
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(told));
  expect(stderr).not.toMatch(/^ +at /m);
  expect(await database.query('SELECT FROM users')).toHaveLength(1);
});

test('CSV: what the database was at work on when the file broke off is told all the same', async () => {
  const own = await makeDatabase();
  const rows = Array.from({ length: 9_000 }, (_, at) => `user${at}@example.com,${oldHash}\n`);
  rows[2] = 'user2@example.com,no hash\n';
  const file = await makeFile('broken.csv', `email,passwordHash\n${rows.join('')}"`);
  const report = `${file}.refused`;
  const environment = { DATABASE_URL: own.url };
  const { code } = await runCommand(['import', file, '--report', report], environment);
  expect(code).toBe(1);
  expect(await own.query('SELECT FROM users')).toHaveLength(4_999);
  const refused = (await readFile(report, 'utf8')).trim().split('\n');
  expect(refused.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { line: 4, email: 'user2@example.com', errors: [{ field: 'passwordHash', code: 'INVALID' }] },
  ]);
});

test('NDJSON: every line is read by itself, whatever is wrong with the others', async () => {
  const lines = [
    Buffer.from('{"email":\n'),
    Buffer.from([0xff, 0xfe, 0x0a]),
    Buffer.from(`{"email": "${'x'.repeat(2_000_000)}"}\n`),
    Buffer.from('\0\n'),
    Buffer.from(ndjson([{ email: 'last@example.com', passwordHash: oldHash }]).trimEnd()),
  ];
  const { code, outcome } = await importText(database, 'ndjson', Buffer.concat(lines));
  expect(code).toBe(3);
  expect(reasons(outcome)).toEqual([
    '1 row INVALID',
    '2 row INVALID',
    '3 row TOO_LONG',
    '4 row INVALID',
  ]);
  expect(outcome).toMatchObject({ read: 5, imported: 1 });
});

test('an empty NDJSON file is an import of nobody', async () => {
  expect(await importText(database, 'ndjson', '')).toMatchObject({
    code: 0,
    outcome: { read: 0, imported: 0, refused: 0 },
  });
});

import { beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { importText, ndjson, oldHash, reasons } from './commands.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  const definitions: readonly (readonly [string, string, boolean, string[] | null, unknown])[] = [
    ['level', 'number', false, null, null],
    ['member', 'boolean', false, null, true],
    ['department', 'select', true, ['Sales', 'Support'], null],
    ['topics', 'checkbox', false, ['a', 'b', 'c'], null],
  ];
  for (const [at, [key, type, required, options, value]] of definitions.entries()) {
    await database.query(
      `INSERT INTO custom_field_definitions
         (key, label, type, required, position, options, default_value, created_at, updated_at)
       VALUES ($1, $1, $2, $3, $4, $5, $6::jsonb, now(), now())`,
      [key, type, required, at + 1, options, value === null ? null : JSON.stringify(value)],
    );
  }
  return () => database.drop();
});

const stored = () => database.query('SELECT email, custom_fields FROM users ORDER BY email');

test('NDJSON: custom fields are held against their definitions; what is not said has its default', async () => {
  const user = (email: string, customFields?: unknown) => ({
    email,
    passwordHash: oldHash,
    customFields,
  });
  const { outcome } = await importText(
    database,
    'ndjson',
    ndjson([
      user('a@example.com', { department: 'Sales', level: 2, nickname: 'Al', topics: ['a', 'c'] }),
      user('b@example.com', { department: 'Mars', level: 'high', topics: ['a', 'a'] }),
      user('c@example.com', {}),
      user('d@example.com'),
      user('e@example.com', ['department']),
      user('f@example.com', {
        department: 'Sales',
        'Bad Key': 1,
        note: 'nul \u0000',
        password: 'x',
      }),
      user('g@example.com', { department: 'Sales', note: 'x'.repeat(20_000) }),
    ]),
  );
  expect(await stored()).toEqual([
    {
      email: 'a@example.com',
      custom_fields: {
        department: 'Sales',
        level: 2,
        member: true,
        nickname: 'Al',
        topics: ['a', 'c'],
      },
    },
  ]);
  expect(reasons(outcome)).toEqual([
    '2 customFields.department INVALID',
    '2 customFields.level INVALID',
    '2 customFields.topics INVALID',
    '3 customFields.department REQUIRED',
    '4 customFields.department REQUIRED',
    '5 customFields INVALID',
    '6 customFields.Bad Key INVALID',
    '6 customFields.note INVALID',
    '6 customFields.password INVALID',
    '7 customFields TOO_LONG',
  ]);
});

test('CSV: a column of JSON, or a column each, whose cells mean what the definition says', async () => {
  const { code, outcome } = await importText(
    database,
    'csv',
    [
      'email,passwordHash,customFields,customFields.department,customFields.level,' +
        'customFields.member,customFields.topics,customFields.phone',
      `a@example.com,${oldHash},"{""nickname"": ""Al""}",Sales,-2.5,FALSE,a;b,0049`,
      `b@example.com,${oldHash},,Support,,,,`,
      `c@example.com,${oldHash},{broken,Support,,,,`,
      `d@example.com,${oldHash},,Support,two,maybe,x,`,
    ].join('\n'),
  );
  expect(code).toBe(3);
  expect(await stored()).toEqual([
    {
      email: 'a@example.com',
      custom_fields: {
        ...{ nickname: 'Al', department: 'Sales', level: -2.5, member: false },
        ...{ topics: ['a', 'b'], phone: '0049' },
      },
    },
    { email: 'b@example.com', custom_fields: { department: 'Support', member: true } },
  ]);
  expect(reasons(outcome)).toEqual([
    '4 customFields INVALID',
    '5 customFields.member INVALID',
    '5 customFields.level INVALID',
    '5 customFields.topics INVALID',
  ]);
});

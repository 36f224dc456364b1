import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defined, type DefinitionInput } from '../custom-field/definitions.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { bulkUpdate, giveFields, replaceFields, setField, updateFields } from './fields.ts';

let server: TestServer;
let owner: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer();
  owner = await registerPerson(server);
  user = await registerPerson(server);
});
beforeEach(async () => {
  await server.database.query('DELETE FROM custom_field_definitions');
  await giveFields(server, user.id, {});
});
afterAll(() => server.stop());

const options = ['red', 'green', 'blue'];
const text = (validation: object): DefinitionInput => ({ type: 'TEXT', validation });

/** A definition, values it takes, and values it refuses with their codes. */
const types: readonly (readonly [
  string,
  DefinitionInput,
  readonly unknown[],
  readonly (readonly [unknown, string])[],
])[] = [
  [
    'text',
    text({}),
    ['a', 'é 😀'],
    [
      [1, 'INVALID'],
      [true, 'INVALID'],
      [['a'], 'INVALID'],
      ['a\nb', 'INVALID'],
      ['a\0', 'INVALID'],
      ['\ud800', 'INVALID'],
    ],
  ],
  [
    'text with a length',
    text({ min: 2, max: 3 }),
    ['ab', '😀😀😀'],
    [
      ['a', 'TOO_SHORT'],
      ['abcd', 'TOO_LONG'],
    ],
  ],
  [
    'text with a pattern',
    text({ pattern: '^[A-Z]{2}$' }),
    ['AB'],
    [
      ['ab', 'INVALID'],
      ['ABC', 'INVALID'],
    ],
  ],
  ['text with part of a pattern', text({ pattern: '\\d' }), ['a1b'], [['ab', 'INVALID']]],
  [
    'textarea',
    { type: 'TEXTAREA' },
    ['a\nb\tc\r\n.'],
    [
      ['a\0', 'INVALID'],
      ['a\u0007', 'INVALID'],
      [{}, 'INVALID'],
    ],
  ],
  [
    'number',
    { type: 'NUMBER' },
    [0, -1.5, 1e21],
    [
      ['1', 'INVALID'],
      [false, 'INVALID'],
      [[1], 'INVALID'],
    ],
  ],
  [
    'number with bounds',
    { type: 'NUMBER', validation: { min: 1, max: 2 } },
    [1, 1.5, 2],
    [
      [0.9, 'INVALID'],
      [2.1, 'INVALID'],
    ],
  ],
  [
    'boolean',
    { type: 'BOOLEAN' },
    [true, false],
    [
      ['true', 'INVALID'],
      [1, 'INVALID'],
    ],
  ],
  [
    'date',
    { type: 'DATE' },
    ['2024-02-29', '0001-01-01'],
    [
      ['2026-02-29', 'INVALID'],
      ['2026-13-01', 'INVALID'],
      ['2026-1-1', 'INVALID'],
      ['2026-01-01T00:00:00Z', 'INVALID'],
      [20260101, 'INVALID'],
    ],
  ],
  [
    'email',
    { type: 'EMAIL' },
    ['ann@example.com'],
    [
      ['ann', 'INVALID'],
      ['a b@example.com', 'INVALID'],
    ],
  ],
  [
    'url',
    { type: 'URL' },
    ['https://example.com/a?b', 'http://localhost:1'],
    [
      ['example.com', 'INVALID'],
      ['javascript:alert(1)', 'INVALID'],
      ['ftp://example.com', 'INVALID'],
      ['https://a b', 'INVALID'],
    ],
  ],
  [
    'select',
    { type: 'SELECT', options },
    ['red'],
    [
      ['Red', 'INVALID'],
      [['red'], 'INVALID'],
      [0, 'INVALID'],
    ],
  ],
  ['radio', { type: 'RADIO', options }, ['blue'], [['black', 'INVALID']]],
  [
    'checkbox',
    { type: 'CHECKBOX', options },
    [['red'], ['blue', 'red'], []],
    [
      ['red', 'INVALID'],
      [['red', 'red'], 'INVALID'],
      [['black'], 'INVALID'],
      [{ 0: 'red' }, 'INVALID'],
    ],
  ],
];

describe.each(types)('a %s', (_, input, accepted, refused) => {
  beforeEach(() => defined(owner.client, { key: 'thing', ...input }));

  test('takes what it may hold', async () => {
    for (const value of accepted) {
      expect(await setField(owner.client, user.id, 'thing', value)).toEqual({
        customFields: { thing: value },
        refusals: [],
      });
    }
  });

  test('refuses everything else, whichever way it is written', async () => {
    for (const [value, code] of refused) {
      const fields = { thing: value };
      const { client } = owner;
      expect((await setField(client, user.id, 'thing', value)).refusals).toEqual([`value ${code}`]);
      expect((await updateFields(client, user.id, fields)).refusals).toEqual([
        `fields.thing ${code}`,
      ]);
      expect((await replaceFields(client, user.id, fields)).refusals).toEqual([
        `customFields.thing ${code}`,
      ]);
      const { results } = await bulkUpdate(client, [user.id], fields);
      expect(results?.[0]?.errors).toMatchObject([{ code, field: 'fields.thing' }]);
    }
    expect((await replaceFields(owner.client, user.id, {})).customFields).toEqual({});
  });
});

test('text is trimmed and Unicode-normalised, and blank text is no value', async () => {
  await defined(owner.client, { key: 'name', type: 'TEXT' });
  const { customFields } = await setField(owner.client, user.id, 'name', ' Zoe\u0308 ');
  expect(customFields).toEqual({ name: 'Zoë' });
  expect((await setField(owner.client, user.id, 'name', ' ')).customFields).toEqual({});
});

test('a pattern that would keep JavaScript busy for years is tried in no time', async () => {
  await defined(owner.client, { key: 'trap', ...text({ pattern: '^(a+)+$' }) });
  const value = `${'a'.repeat(16_000)}!`;
  const startedAt = performance.now();
  const { refusals } = await setField(owner.client, user.id, 'trap', value);
  expect(refusals).toEqual(['value INVALID']);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  // What it would do to the engine of JavaScript, on a thousandth of the text.
  const before = performance.now();
  /^(a+)+$/.test(`${'a'.repeat(24)}!`);
  expect(performance.now() - before).toBeGreaterThan(20);
});

describe('a required field', () => {
  beforeEach(async () => {
    await defined(owner.client, { key: 'plan', type: 'TEXT', required: true });
    await giveFields(server, user.id, { plan: 'free', other: 1 });
  });

  test.each([null, '', ' '])('cannot become %j', async (value) => {
    const { client } = owner;
    const fields = { plan: value };
    expect((await setField(client, user.id, 'plan', value)).refusals).toEqual(['value REQUIRED']);
    expect((await updateFields(client, user.id, fields)).refusals).toEqual([
      'fields.plan REQUIRED',
    ]);
    const { results } = await bulkUpdate(client, [user.id], fields);
    expect(results?.[0]?.errors).toMatchObject([{ code: 'REQUIRED', field: 'fields.plan' }]);
    expect((await replaceFields(client, user.id, fields)).refusals).toEqual([
      'customFields.plan REQUIRED',
    ]);
  });

  test('cannot be left out where all fields are given', async () => {
    const { refusals } = await replaceFields(owner.client, user.id, { other: 2 });
    expect(refusals).toEqual(['customFields.plan REQUIRED']);
  });

  test('of which one has to be chosen cannot have none', async () => {
    await defined(owner.client, { key: 'colour', type: 'CHECKBOX', options, required: true });
    const { refusals } = await setField(owner.client, user.id, 'colour', []);
    expect(refusals).toEqual(['value REQUIRED']);
  });

  test('that somebody has not had so far stops no other change', async () => {
    await giveFields(server, user.id, {});
    expect((await setField(owner.client, user.id, 'other', 2)).customFields).toEqual({ other: 2 });
    const { refusals } = await updateFields(owner.client, user.id, { firstName: 'Ann' });
    expect(refusals).toEqual([]);
  });
});

test('a definition that is disabled or removed holds nothing against anything', async () => {
  await defined(owner.client, { key: 'age', type: 'NUMBER', required: true, enabled: false });
  const { customFields } = await setField(owner.client, user.id, 'age', 'old');
  expect(customFields).toEqual({ age: 'old' });
  expect((await setField(owner.client, user.id, 'age', null)).customFields).toEqual({});
});

test('a definition that comes later changes no value, and is held against the next', async () => {
  await giveFields(server, user.id, { age: 'old' });
  await defined(owner.client, { key: 'age', type: 'NUMBER' });
  expect((await setField(owner.client, user.id, 'other', 1)).customFields).toEqual({
    age: 'old',
    other: 1,
  });
  expect((await setField(owner.client, user.id, 'age', 'older')).refusals).toEqual([
    'value INVALID',
  ]);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { told } from '../registration/registering.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { define, defined, definitionsSeenBy, type DefinitionInput } from './definitions.ts';

let server: TestServer;
let owner: Person;

beforeAll(async () => {
  server = await startTestServer();
  owner = await registerPerson(server);
});
afterAll(() => server.stop());

const text = { key: 'field', type: 'TEXT' };
const number = { key: 'field', type: 'NUMBER' };
const select = { key: 'field', type: 'SELECT', options: ['a', 'b'] };

const refused: readonly (readonly [string, DefinitionInput, readonly string[]])[] = [
  ['a blank key', { ...text, key: ' ' }, ['input.key REQUIRED']],
  ['a key in camel case', { ...text, key: 'phoneNumber' }, ['input.key INVALID']],
  ['a key that begins with a digit', { ...text, key: '2nd' }, ['input.key INVALID']],
  ['a key that begins with _', { ...text, key: '_a' }, ['input.key INVALID']],
  ['a key with a hyphen', { ...text, key: 'a-b' }, ['input.key INVALID']],
  ['a key with NUL', { ...text, key: 'a\0' }, ['input.key INVALID']],
  ['a key of 51 characters', { ...text, key: 'a'.repeat(51) }, ['input.key TOO_LONG']],
  ['a label of 101', { ...text, label: 'x'.repeat(101) }, ['input.label TOO_LONG']],
  ['a label with a line feed', { ...text, label: 'a\nb' }, ['input.label INVALID']],
  ['a select without options', { key: 'field', type: 'SELECT' }, ['input.options REQUIRED']],
  [
    'a checkbox with none',
    { ...select, type: 'CHECKBOX', options: [] },
    ['input.options REQUIRED'],
  ],
  ['a blank option', { ...select, options: ['a', ' '] }, ['input.options INVALID']],
  ['an option twice', { ...select, options: ['a', 'a '] }, ['input.options INVALID']],
  ['an option with NUL', { ...select, options: ['a\0'] }, ['input.options INVALID']],
  ['an option of 101', { ...select, options: ['x'.repeat(101)] }, ['input.options TOO_LONG']],
  [
    '101 options',
    { ...select, options: Array.from({ length: 101 }, (_, n) => `${n}`) },
    ['input.options TOO_LONG'],
  ],
  ['options of text', { ...text, options: ['a'] }, ['input.options INVALID']],
  [
    'max under min',
    { ...number, validation: { min: 2, max: 1 } },
    ['input.validation.max INVALID'],
  ],
  [
    'bounds of a boolean',
    { key: 'f', type: 'BOOLEAN', validation: { min: 1 } },
    ['input.validation.min INVALID'],
  ],
  ['a negative length', { ...text, validation: { min: -1 } }, ['input.validation.min INVALID']],
  ['half a character', { ...text, validation: { max: 1.5 } }, ['input.validation.max INVALID']],
  [
    'a pattern of numbers',
    { ...number, validation: { pattern: '1' } },
    ['input.validation.pattern INVALID'],
  ],
  [
    'a broken pattern',
    { ...text, validation: { pattern: '(' } },
    ['input.validation.pattern INVALID'],
  ],
  [
    'a back-reference',
    { ...text, validation: { pattern: '(a)\\1' } },
    ['input.validation.pattern INVALID'],
  ],
  [
    'a look-ahead',
    { ...text, validation: { pattern: '(?=a)' } },
    ['input.validation.pattern INVALID'],
  ],
  [
    'a pattern that repeats too much',
    { ...text, validation: { pattern: '(?:\\p{L}{0,1000}x){0,1}'.repeat(20) } },
    ['input.validation.pattern INVALID'],
  ],
  [
    'a pattern of 501 characters',
    { ...text, validation: { pattern: 'a'.repeat(501) } },
    ['input.validation.pattern TOO_LONG'],
  ],
  ['a default of another type', { ...number, defaultValue: 'x' }, ['input.defaultValue INVALID']],
  ['a default that is no option', { ...select, defaultValue: 'c' }, ['input.defaultValue INVALID']],
  [
    'a default against the pattern',
    { ...text, defaultValue: 'b', validation: { pattern: 'a' } },
    ['input.defaultValue INVALID'],
  ],
  [
    'all that can be wrong at once',
    {
      key: 'A',
      label: 'x'.repeat(101),
      type: 'TEXT',
      options: ['a'],
      validation: { min: -1, pattern: '(' },
    },
    [
      'input.key INVALID',
      'input.label TOO_LONG',
      'input.options INVALID',
      'input.validation.min INVALID',
      'input.validation.pattern INVALID',
    ],
  ],
];

describe('a definition is refused with', () => {
  test.each(refused)('%s', async (_, input, refusals) => {
    const { customFieldDefinition, errors } = await define(owner.client, input);
    expect([customFieldDefinition, told(errors)]).toEqual([null, refusals]);
    expect(await definitionsSeenBy(owner.client)).toEqual([]);
  });
});

describe('no field can be called', () => {
  test.each(
    `id email username password password_hash hashed_password current_password first_name last_name
     is_active confirmed_at roles role_names token session_token api_key secret created_at
     registration_ip custom_fields constructor prototype preferred_locale timezone`.split(/\s+/),
  )('%s', async (key) => {
    const { errors } = await define(owner.client, { ...text, key });
    expect(told(errors)).toEqual(['input.key INVALID']);
  });
});

test('a pattern that would keep JavaScript busy for years is defined and held in no time', async () => {
  const defaultValue = `${'a'.repeat(10_000)}!`;
  const startedAt = performance.now();
  const { errors } = await define(owner.client, {
    key: 'trap',
    type: 'TEXT',
    defaultValue,
    validation: { pattern: '^(a+)+$' },
  });
  expect(told(errors)).toEqual(['input.defaultValue INVALID']);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  await defined(owner.client, { ...text, key: 'trap', validation: { pattern: '^(a+)+$' } });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { connectUsers, findNames, listUsers, seedUsers } from './user-queries.ts';

let server: TestServer;
let owner: Person;

beforeAll(async () => {
  server = await startTestServer();
  owner = await registerPerson(server, { email: 'owner@other.example' });
  await seedUsers(server.database, [
    { name: 'ada', customFields: { department: 'Engineering', level: 3, remote: true } },
    { name: 'bob', customFields: { department: 'Engineering', level: 3.5, remote: false } },
    { name: 'cleo', customFields: { department: 'engineering', level: '3' }, isActive: false },
    { name: 'dora', customFields: { bio: 'two\nlines', motto: `it's "quoted" \\ 100%` } },
    { name: 'emil', role: 'Admin', customFields: { department: 'Engineering', nothing: null } },
    { name: 'fred', customFields: { skills: ['go', 'sql', 'ts'] } },
    { name: 'gina', customFields: { skills: ['go'] } },
  ]);
});
afterAll(() => server.stop());

describe('a filter of custom fields', () => {
  test.each([
    { customFields: { department: 'Engineering' }, expected: ['ada', 'bob', 'emil'] },
    { customFields: { department: 'Engineering', level: 3 }, expected: ['ada'] },
    { customFields: { level: 3.0 }, expected: ['ada'] },
    { customFields: { level: '3' }, expected: ['cleo'] },
    { customFields: { remote: false }, expected: ['bob'] },
    { customFields: { bio: 'two\nlines' }, expected: ['dora'] },
    { customFields: { motto: `it's "quoted" \\ 100%` }, expected: ['dora'] },
    { customFields: { nothing: null }, expected: ['emil'] },
    { customFields: { skills: ['go'] }, expected: ['fred', 'gina'] },
    { customFields: { skills: ['ts', 'go'] }, expected: ['fred'] },
    { customFields: { skills: 'go' }, expected: [] },
    { customFields: { skills: ['rust'] }, expected: [] },
    { customFields: { department: 'Engine%' }, expected: [] },
    { customFields: { department: '' }, expected: [] },
    { customFields: { elsewhere: 'x'.repeat(10_000) }, expected: [] },
    { customFields: { department: 'Engineering' }, role: 'Admin', expected: ['emil'] },
    { customFields: { department: 'engineering' }, isActive: false, expected: ['cleo'] },
    { customFields: { department: 'Engineering' }, search: 'bo', expected: ['bob'] },
    { customFields: {}, search: 'seed', role: 'admin', expected: ['emil'] },
    { customFields: null, search: 'seed', role: 'admin', expected: ['emil'] },
  ])('$customFields finds $expected', async ({ expected, ...given }) => {
    expect(await findNames(owner.client, { ...given, sort: 'EMAIL_ASC' })).toEqual(expected);
    const { data } = await listUsers(owner.client, given);
    expect(data.users.totalCount).toBe(expected.length);
  });
});

describe('what no user can have is bad input, of the argument customFields', () => {
  let deep: unknown = 'x';
  for (let depth = 0; depth < 1_000; depth += 1) deep = { a: deep };

  test.each<[string, Record<string, unknown>]>([
    ['an object for a value', { department: { name: 'Engineering' } }],
    ['a list in a list', { skills: [['go']] }],
    ['an object in a list', { skills: [{ name: 'go' }] }],
    ['NUL in a list', { skills: ['g\0o'] }],
    ['a list longer than any', { skills: Array.from({ length: 101 }, (_, index) => index) }],
    ['objects a thousand deep', { department: deep }],
    ['NUL in a text', { department: 'Engin\0eering' }],
    ['half a letter', { department: 'Engin\ud800eering' }],
    ['the other half', { department: '\udc00' }],
    ['a key in capitals', { Department: 'Engineering' }],
    ['a key with a digit first', { '1st': 'x' }],
    ['an empty key', { '': 'x' }],
    ['a key with NUL', { 'a\0b': 'x' }],
    ['a key of 51 letters', { ['k'.repeat(51)]: 'x' }],
    ['a key that is SQL', { "a' OR true --": 'x' }],
    ['the name of a field of every user', { email: 'x' }],
    ['the name of a secret', { password_hash: 'x' }],
    [
      'more keys than a user can have',
      Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`k${index}`, 1])),
    ],
  ])('%s', async (_, customFields) => {
    const answers = [
      await listUsers(owner.client, { customFields }),
      await connectUsers(owner.client, { customFields }),
    ];
    for (const { errors, data } of answers) {
      expect(errors).toHaveLength(1);
      expect(errors[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument: 'customFields',
      });
      expect(Object.values(data ?? {})).toEqual([]);
    }
  });

  test('a number too large for JSON', async () => {
    const { code } = await owner.client.graphql(
      '{ users(customFields: { level: 1e400 }) { page } }',
    );
    expect(code).toBe('BAD_USER_INPUT');
  });

  test.each(['text', 1, true, ['list']])('what is no object: %j', async (customFields) => {
    const { code } = await listUsers(owner.client, { customFields });
    expect(code).toBe('BAD_USER_INPUT');
  });
});

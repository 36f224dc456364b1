import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import { registerStaff, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import {
  connectUsers,
  namesOf,
  seedUsers,
  stretchOf,
  type ConnectionArguments,
} from './user-queries.ts';

let server: TestServer;
let owner: Person;
let admin: Person;
let user: Person;

// a … j, oldest first; the search leaves the staff out.
const letters = Array.from('abcdefghij');

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  ({ owner, admin, user } = await registerStaff(server));
  await seedUsers(
    server.database,
    letters.map((name, index) => ({
      name,
      createdAt: `2020-01-${String(10 + index)}Z`,
      confirmed: index % 2 === 0,
      role: index < 3 ? 'Admin' : 'User',
      isActive: index !== 4,
      customFields: { department: index < 5 ? 'Sales' : 'Stock' },
    })),
  );
});
afterAll(() => server.stop());

const seeded = { search: 'seed.example', sort: 'CREATED_AT_ASC' };
const stretch = (given: ConnectionArguments) => stretchOf(owner.client, { ...seeded, ...given });
const cursorOf = async (name: string, sort = 'CREATED_AT_ASC') => {
  const { edges } = await stretch({ first: 100, sort });
  const edge = edges.find(({ node }) => node.email === `${name}@seed.example`);
  return edge?.cursor ?? '';
};

describe('a stretch of the list', () => {
  test('is the first ten, newest first, when nothing is said', async () => {
    const { edges, pageInfo } = await stretchOf(owner.client, {});
    expect(edges).toHaveLength(10);
    expect(edges[9]?.node.email).toBe('d@seed.example');
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor,
      endCursor: edges[9]?.cursor,
    });
  });

  const cases: readonly {
    given: ConnectionArguments;
    expected: string;
    next: boolean;
    previous: boolean;
  }[] = [
    { given: { first: 3 }, expected: 'abc', next: true, previous: false },
    { given: { first: 10 }, expected: 'abcdefghij', next: false, previous: false },
    { given: { first: 3, after: 'c' }, expected: 'def', next: true, previous: true },
    { given: { first: 3, after: 'h' }, expected: 'ij', next: false, previous: true },
    { given: { first: 3, after: 'j' }, expected: '', next: false, previous: true },
    { given: { first: 3, before: 'c' }, expected: 'ab', next: false, previous: false },
    { given: { first: 2, after: 'b', before: 'h' }, expected: 'cd', next: true, previous: true },
    { given: { last: 3 }, expected: 'hij', next: false, previous: true },
    { given: { last: 3, before: 'h' }, expected: 'efg', next: true, previous: true },
    { given: { last: 3, before: 'c' }, expected: 'ab', next: true, previous: false },
    { given: { last: 3, before: 'a' }, expected: '', next: true, previous: false },
    { given: { last: 3, after: 'h' }, expected: 'ij', next: false, previous: false },
    { given: { last: 2, after: 'b', before: 'h' }, expected: 'fg', next: true, previous: true },
    { given: { after: 'h' }, expected: 'ij', next: false, previous: true },
    { given: { before: 'c' }, expected: 'ab', next: false, previous: false },
    // The last of the first, as the Relay specification says.
    { given: { first: 5, last: 2 }, expected: 'de', next: true, previous: true },
    { given: { first: 5, last: 5 }, expected: 'abcde', next: true, previous: true },
    { given: { first: 2, last: 5 }, expected: 'ab', next: true, previous: false },
    { given: { first: 100, last: 2, after: 'c' }, expected: 'ij', next: false, previous: true },
    {
      given: { first: null, last: null, after: null, before: null, role: null },
      expected: 'abcdefghij',
      next: false,
      previous: false,
    },
  ];

  test.each(cases)('of $given is "$expected"', async ({ given, expected, next, previous }) => {
    const found = await stretch({
      ...given,
      after: given.after ? await cursorOf(given.after) : null,
      before: given.before ? await cursorOf(given.before) : null,
    });
    expect(namesOf(found).join('')).toBe(expected);
    expect(found.pageInfo).toEqual({
      hasNextPage: next,
      hasPreviousPage: previous,
      startCursor: found.edges[0]?.cursor ?? null,
      endCursor: found.edges.at(-1)?.cursor ?? null,
    });
  });

  test.each([
    { sort: 'CREATED_AT_ASC', expected: 'cde', before: 'ab' },
    { sort: 'CREATED_AT_DESC', expected: 'a', before: 'jihgfedc' },
    { sort: 'EMAIL_ASC', expected: 'cde', before: 'ab' },
    { sort: 'EMAIL_DESC', expected: 'a', before: 'jihgfedc' },
  ])('goes on after and before a cursor in the order $sort', async ({ sort, ...expected }) => {
    const b = await cursorOf('b', sort);
    expect(namesOf(await stretch({ first: 3, after: b, sort })).join('')).toBe(expected.expected);
    const c = await cursorOf(sort.endsWith('ASC') ? 'c' : 'b', sort);
    expect(namesOf(await stretch({ last: 100, before: c, sort })).join('')).toBe(expected.before);
  });

  test.each([
    { given: { role: 'ADMIN' }, expected: 'abc' },
    { given: { role: 'Nothing' }, expected: '' },
    { given: { isActive: false }, expected: 'e' },
    { given: { confirmed: false, role: 'User' }, expected: 'dfhj' },
    { given: { customFields: { department: 'Stock' }, confirmed: true }, expected: 'gi' },
    { given: { search: 'x' }, expected: '' },
  ])('passes the filters of a page: $given', async ({ given, expected }) => {
    expect(namesOf(await stretch(given)).join('')).toBe(expected);
  });

  test('tells how many there are in the whole list, and counts only when asked', async () => {
    const ask = (fields: string) =>
      owner.client.graphql<{ usersConnection: unknown }>(
        `{ usersConnection(first: 2, search: "seed.example", isActive: true) { ${fields} } }`,
      );
    const counting = await statementsOf(async () => {
      const { data } = await ask('totalCount again: totalCount edges { node { id } }');
      expect(data.usersConnection).toMatchObject({ totalCount: 9, again: 9 });
    });
    expect(counting.filter((sql) => /count\(/i.test(sql))).toHaveLength(1);
    const without = await statementsOf(() => ask('edges { node { id } } pageInfo { endCursor }'));
    expect(without.filter((sql) => /count\(/i.test(sql))).toEqual([]);
    expect(without).toHaveLength(2);
  });
});

describe('a number of users that cannot be', () => {
  test.each([
    { argument: 'first', value: 0 },
    { argument: 'first', value: -1 },
    { argument: 'first', value: 101 },
    { argument: 'last', value: 0 },
    { argument: 'last', value: -2_147_483_648 },
    { argument: 'last', value: 2_147_483_647 },
  ])('is bad input that names the argument: $argument $value', async ({ argument, value }) => {
    const { errors, data } = await connectUsers(owner.client, { [argument]: value });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
    expect(data.usersConnection ?? null).toBeNull();
  });
});

describe('a cursor that is none', () => {
  const of = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const id = '019b0000-0000-7000-8000-000000000001';
  const time = '2020-01-10T00:00:00.000Z';

  test.each([
    ['empty', ''],
    ['no base64url', '!!!'],
    ['no JSON', Buffer.from('[').toString('base64url')],
    ['no array', Buffer.from('{"length":3}').toString('base64url')],
    ['of too few parts', of('users.oldest', time)],
    ['of too many parts', of('users.oldest', time, id, 1)],
    ['of another list', of('audit.oldest', time, id)],
    ['with no time', of('users.oldest', 'yesterday', id)],
    ['with a number for a time', of('users.oldest', 1, id)],
    ['with a day that is not', of('users.oldest', '2020-02-31T00:00:00.000Z', id)],
    ['with the year 0', of('users.oldest', '0000-01-01T00:00:00.000Z', id)],
    ['with a year of six digits', of('users.oldest', '+275760-09-13T00:00:00.000Z', id)],
    ['with no id', of('users.oldest', time, 'x')],
    ['with SQL for an id', of('users.oldest', time, `${id}'; --`)],
    ['padded', `${of('users.oldest', time, id)}=`],
    ['of 10,000 characters', 'A'.repeat(10_000)],
  ])('is bad input: %s', async (_, cursor) => {
    for (const argument of ['after', 'before'] as const) {
      const { errors } = await connectUsers(owner.client, { ...seeded, [argument]: cursor });
      expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
    }
  });

  test('is bad input: one with half a letter, NUL or a line feed for an address', async () => {
    for (const key of ['\ud800', 'a\0b', 'a\nb']) {
      const given = { after: of('users.a-z', key, id), sort: 'EMAIL_ASC' };
      expect((await connectUsers(owner.client, given)).code).toBe('BAD_USER_INPUT');
    }
  });

  test('is bad input: one of another order', async () => {
    const sorts = ['CREATED_AT_ASC', 'CREATED_AT_DESC', 'EMAIL_ASC', 'EMAIL_DESC'];
    for (const sort of sorts) {
      const after = await cursorOf('c', sort);
      for (const other of sorts) {
        const { code } = await connectUsers(owner.client, { after, sort: other });
        expect(code).toBe(other === sort ? undefined : 'BAD_USER_INPUT');
      }
    }
  });

  test('may name a place where nobody is, or is any more', async () => {
    const after = of('users.oldest', '2020-01-12T12:00:00.000Z', id);
    expect(namesOf(await stretch({ first: 2, after })).join('')).toBe('de');
    const long = of('users.a-z', 'h'.repeat(10_000), id);
    const found = await stretch({ first: 2, after: long, sort: 'EMAIL_ASC' });
    expect(namesOf(found).join('')).toBe('ij');
  });
});

test('only administrators and keys with USERS_READ may read the list', async () => {
  const codeFor = async (client: typeof server.client) => (await connectUsers(client)).code;
  expect(await codeFor(server.client)).toBe('UNAUTHENTICATED');
  expect(await codeFor(user.client)).toBe('FORBIDDEN');
  expect(await codeFor((await registerUnconfirmed(server)).client)).toBe('EMAIL_NOT_CONFIRMED');
  expect(await codeFor(admin.client)).toBeUndefined();
  expect(await codeFor(owner.client)).toBeUndefined();
  expect(await codeFor((await makeKey(server, 'USERS_READ')).client)).toBeUndefined();
  const others = await makeKey(server, 'USERS_WRITE', 'ROLES_WRITE', 'AUDIT_READ');
  expect(await codeFor(others.client)).toBe('FORBIDDEN');
});

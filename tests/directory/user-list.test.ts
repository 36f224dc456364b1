import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerPerson, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { findNames, listUsers, seedUsers, type UsersArguments } from './user-queries.ts';

let server: TestServer;
let owner: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  owner = await registerPerson(server, { email: 'owner@seed.example' });
  user = await registerUnconfirmed(server, { email: 'user@seed.example' });
  await server.database.query(`UPDATE users SET created_at = '2020-01-01Z'`);
  await seedUsers(server.database, [
    { name: 'anna', role: 'Admin', confirmed: true, createdAt: '2020-01-02Z' },
    { name: 'Bert', isActive: false, confirmed: true, createdAt: '2020-01-03Z' },
    { name: 'cleo', isActive: false, createdAt: '2020-01-04Z' },
    { name: 'dora', createdAt: '2020-01-05Z' },
    ...Array.from({ length: 19 }, (_, index) => ({
      name: `twin${String(index).padStart(2, '0')}`,
      createdAt: '2019-01-01Z',
    })),
  ]);
});
afterAll(() => server.stop());

describe('a list of users', () => {
  test('is ten to a page, newest first, with its totals', async () => {
    const { data, errors } = await listUsers(owner.client);
    expect(errors).toEqual([]);
    expect(data.users).toMatchObject({ page: 1, pageSize: 10, totalCount: 25, totalPages: 3 });
    expect(data.users.nodes).toHaveLength(10);
    expect(data.users.nodes.slice(0, 4).map((node) => node.email)).toEqual([
      'dora@seed.example',
      'cleo@seed.example',
      'Bert@seed.example',
      'anna@seed.example',
    ]);
  });

  test('read page by page holds everyone once, users of the same moment too', async () => {
    for (const sort of ['CREATED_AT_DESC', 'CREATED_AT_ASC', 'EMAIL_ASC', 'EMAIL_DESC']) {
      const ids: string[] = [];
      for (let page = 1; page <= 4; page += 1) {
        const { data } = await listUsers(owner.client, { page, pageSize: 7, sort });
        ids.push(...data.users.nodes.map((node) => node.id));
      }
      expect(ids).toHaveLength(25);
      expect(new Set(ids).size).toBe(25);
    }
  });

  test('has the id break ties, in the direction of the order', async () => {
    const { data: newest } = await listUsers(owner.client, { search: 'twin', pageSize: 100 });
    const ids = newest.users.nodes.map((node) => node.id);
    expect(ids).toHaveLength(19);
    expect(ids).toEqual([...ids].sort().reverse());
    const { data: oldest } = await listUsers(owner.client, {
      search: 'twin',
      pageSize: 100,
      sort: 'CREATED_AT_ASC',
    });
    expect(oldest.users.nodes.map((node) => node.id)).toEqual([...ids].reverse());
  });

  test('is empty beyond its last page, and still tells the totals', async () => {
    const { data, errors } = await listUsers(owner.client, { page: 4 });
    expect(errors).toEqual([]);
    expect(data.users).toMatchObject({ nodes: [], page: 4, totalCount: 25, totalPages: 3 });
  });

  test('of nobody has one page', async () => {
    const { data } = await listUsers(owner.client, { search: 'nobody at all' });
    expect(data.users).toMatchObject({ nodes: [], totalCount: 0, totalPages: 1 });
  });

  test('takes explicit nulls for the defaults', async () => {
    const { data, errors } = await listUsers(owner.client, {
      page: null,
      pageSize: null,
      role: null,
      search: null,
      isActive: null,
      confirmed: null,
      sort: null,
    });
    expect(errors).toEqual([]);
    expect(data.users).toMatchObject({ page: 1, pageSize: 10, totalCount: 25 });
  });

  test('goes as far as anybody can ask', async () => {
    const { data, errors } = await listUsers(owner.client, { page: 10_000_000, pageSize: 100 });
    expect(errors).toEqual([]);
    expect(data.users).toMatchObject({ nodes: [], totalPages: 1 });
  });
});

describe('a page that cannot be', () => {
  test.each([
    { argument: 'page', value: 0 },
    { argument: 'page', value: -1 },
    { argument: 'page', value: -2_147_483_648 },
    { argument: 'page', value: 2_147_483_647 },
    { argument: 'pageSize', value: 0 },
    { argument: 'pageSize', value: -10 },
    { argument: 'pageSize', value: 101 },
    { argument: 'pageSize', value: 2_147_483_647 },
  ])('is bad input that names the argument: $argument $value', async ({ argument, value }) => {
    const { errors, data } = await listUsers(owner.client, { [argument]: value });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
    expect(errors[0]?.message).toContain(`${argument} must be from 1 to`);
    expect(data.users ?? null).toBeNull();
  });
});

describe('filters', () => {
  const cases: readonly { given: UsersArguments; expected: readonly string[] }[] = [
    { given: { role: 'Admin' }, expected: ['anna'] },
    { given: { role: ' aDMIN ' }, expected: ['anna'] },
    { given: { role: 'Owner' }, expected: ['owner'] },
    { given: { role: 'Nothing' }, expected: [] },
    { given: { role: '' }, expected: [] },
    { given: { role: 'Ad%' }, expected: [] },
    { given: { role: 'Ad\0min' }, expected: [] },
    { given: { isActive: false }, expected: ['cleo', 'Bert'] },
    { given: { confirmed: true }, expected: ['Bert', 'anna', 'owner'] },
    { given: { confirmed: true, isActive: true }, expected: ['anna', 'owner'] },
    { given: { confirmed: true, isActive: false }, expected: ['Bert'] },
    { given: { confirmed: false, isActive: false, role: 'User' }, expected: ['cleo'] },
    { given: { confirmed: false, isActive: false, role: 'Admin' }, expected: [] },
    { given: { search: 'BER', role: 'user', isActive: false }, expected: ['Bert'] },
    { given: { search: 'ber', isActive: true }, expected: [] },
    {
      given: { search: 'seed', confirmed: true, sort: 'EMAIL_ASC' },
      expected: ['anna', 'Bert', 'owner'],
    },
    {
      given: { search: 'seed', confirmed: true, sort: 'EMAIL_DESC' },
      expected: ['owner', 'Bert', 'anna'],
    },
    { given: { confirmed: true, sort: 'CREATED_AT_ASC' }, expected: ['owner', 'anna', 'Bert'] },
  ];

  test.each(cases)('$given find $expected', async ({ given, expected }) => {
    expect(await findNames(owner.client, given)).toEqual(expected);
    const { data } = await listUsers(owner.client, given);
    expect(data.users.totalCount).toBe(expected.length);
  });

  test('hold newest first under a role', async () => {
    const names = await findNames(owner.client, { role: 'User' });
    expect(names.slice(0, 4)).toEqual(['dora', 'cleo', 'Bert', 'user']);
    expect(names).toHaveLength(23);
  });
});

describe('counting', () => {
  const costOf = (fields: string) =>
    statementsOf(async () => {
      const { errors } = await owner.client.graphql(`{ users { ${fields} } }`);
      expect(errors).toEqual([]);
    });

  test('is left out unless a total is asked for', async () => {
    const statements = await costOf('nodes { id } page pageSize');
    expect(statements.filter((sql) => /count\(/i.test(sql))).toEqual([]);
    expect(statements).toHaveLength(2);
  });

  test('is done once for both totals', async () => {
    const statements = await costOf('nodes { id } totalCount totalPages again: totalCount');
    expect(statements.filter((sql) => /count\(/i.test(sql))).toHaveLength(1);
  });
});

test('only administrators may list users', async () => {
  expect((await listUsers(server.client)).code).toBe('UNAUTHENTICATED');
  expect((await listUsers(user.client)).code).toBe('EMAIL_NOT_CONFIRMED');
  await server.database.query('UPDATE users SET confirmed_at = now() WHERE id = $1', [user.id]);
  expect((await listUsers(user.client)).code).toBe('FORBIDDEN');
});

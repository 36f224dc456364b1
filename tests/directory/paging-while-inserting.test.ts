import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { stretchOf, type Connection } from './user-queries.ts';

let server: TestServer;
let owner: Person;

beforeAll(async () => {
  server = await startTestServer();
  owner = await registerPerson(server, { email: 'owner@other.example' });
  // Three of each moment, so that the id has to break ties.
  await server.database.query(
    `INSERT INTO users (id, email, password_hash, created_at, updated_at)
     SELECT gen_random_uuid(), substr(md5(n::text), 1, 8) || '@there.example', '',
       timestamptz '2020-01-01Z' + (n / 3) * interval '1 minute', now()
     FROM generate_series(1, 150) n`,
  );
});
afterAll(() => server.stop());

beforeEach(async () => {
  await server.database.query("DELETE FROM users WHERE email LIKE '%@come.example'");
});

let comers = 0;

/** Somebody at each end of every order, at a random place, and at the very moment of others. */
async function insertMore(): Promise<void> {
  comers += 1;
  await server.database.query(
    `INSERT INTO users (id, email, password_hash, created_at, updated_at)
     SELECT gen_random_uuid(), prefix || $1 || '@come.example', '', at, now()
     FROM (VALUES ('0', timestamptz '2019-01-01Z'), ('zz', now()),
       (md5($1), timestamptz '2020-01-01Z' + $2 * interval '1 minute'),
       (md5($1 || 'x'), timestamptz '2020-01-01Z' + $2 * interval '61 seconds')) AS new (prefix, at)`,
    [String(comers), comers % 50],
  );
}

/** Walks the whole list in stretches of seven while others come in, from one end to the other. */
async function walk(sort: string, backward: boolean): Promise<string[]> {
  const stretches: Connection[] = [];
  let cursor: string | null = null;
  for (;;) {
    const bounds = backward ? { last: 7, before: cursor } : { first: 7, after: cursor };
    const stretch: Connection = await stretchOf(owner.client, { ...bounds, sort });
    stretches.push(stretch);
    await insertMore();
    const { pageInfo } = stretch;
    cursor = backward ? pageInfo.startCursor : pageInfo.endCursor;
    const goesOn = backward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
    if (!goesOn) break;
  }
  if (backward) stretches.reverse();
  return stretches.flatMap(({ edges }) => edges.map(({ node }) => node.email ?? ''));
}

describe.each(['CREATED_AT_DESC', 'CREATED_AT_ASC', 'EMAIL_ASC', 'EMAIL_DESC'])(
  'a list in the order %s, walked while others are inserted',
  (sort) => {
    test.each([
      { towards: 'its end', backward: false },
      { towards: 'its beginning', backward: true },
    ])('towards $towards has nobody twice and misses nobody', async ({ backward }) => {
      const emails = await walk(sort, backward);
      expect(new Set(emails).size).toBe(emails.length);
      expect(emails.filter((email) => email.endsWith('@there.example'))).toHaveLength(150);
    });
  },
);

test('users that are deleted meanwhile take no other out of the list', async () => {
  const { edges, pageInfo } = await stretchOf(owner.client, { first: 5, sort: 'CREATED_AT_ASC' });
  const { edges: expected } = await stretchOf(owner.client, {
    first: 5,
    after: pageInfo.endCursor,
    sort: 'CREATED_AT_ASC',
  });
  const ids = edges.map(({ node }) => node.id);
  await server.database.query('DELETE FROM users WHERE id = ANY($1)', [ids]);
  const { edges: found } = await stretchOf(owner.client, {
    first: 5,
    after: pageInfo.endCursor,
    sort: 'CREATED_AT_ASC',
  });
  expect(found).toEqual(expected);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { loginMutation, password, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { listUsers } from './user-queries.ts';

// How PostgreSQL means to find users among 20,000, for the very statements the server sends.
let server: TestServer;
let owner: Person;

beforeAll(async () => {
  server = await startTestServer();
  owner = await registerPerson(server);
  await server.database.query(
    `INSERT INTO users (id, email, username, password_hash, first_name, last_name, created_at,
       updated_at)
     SELECT gen_random_uuid(), md5(n::text) || '@example.org', 'u' || substr(md5('u' || n), 1, 20),
       '', 'First' || n, 'Last' || n, now() - n * interval '1 minute', now()
     FROM generate_series(1, 20000) n`,
  );
  await server.database.query(
    `INSERT INTO sessions (id, user_id, token_hash, last_seen_at, expires_at, created_at)
     SELECT gen_random_uuid(), id, decode(md5(id::text), 'hex'), now(), now() + interval '1 day',
       now() FROM users`,
  );
  await server.database.query('VACUUM ANALYZE users');
  await server.database.query('ANALYZE sessions');
});
afterAll(() => server.stop());

/** The plan of the one statement that `work` sends and `isMeant` recognises. */
async function planOf(
  work: () => Promise<unknown>,
  isMeant: (sql: string) => boolean,
  values: readonly unknown[] = [],
): Promise<string> {
  const meant = (await statementsOf(work)).filter(isMeant);
  expect(meant).toHaveLength(1);
  const rows = await server.database.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN ${meant.join('')}`,
    values,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const isListing = (sql: string) => sql.includes('FROM "users" "user"') && sql.includes('ORDER BY');

const sorts = ['CREATED_AT_DESC', 'CREATED_AT_ASC'];

test.each(sorts)('a list in the order %s is read from an index, unsorted', async (sort) => {
  const plan = await planOf(() => listUsers(owner.client, { sort }), isListing);
  expect(plan).toContain('users_created_at_id_index');
  expect(plan).not.toMatch(/Seq Scan|Sort/);
});

test.each(['qzx', 'first1234', 'First77 last77', 'nobody.example', '%_x'])(
  'a search for %j uses the index of trigrams',
  async (term) => {
    const pattern = `%${term.replace(/[\\%_]/g, '\\$&')}%`;
    const plan = await planOf(() => listUsers(owner.client, { search: term }), isListing, [
      pattern,
    ]);
    expect(plan).toContain('users_search_index');
    expect(plan).not.toContain('Seq Scan');
  },
);

test('a search that finds many is read from an index, too', async () => {
  const plan = await planOf(() => listUsers(owner.client, { search: 'example.org' }), isListing, [
    '%example.org%',
  ]);
  expect(plan).not.toContain('Seq Scan');
});

test('counting what a search finds uses the index of trigrams', async () => {
  const plan = await planOf(
    () => listUsers(owner.client, { search: 'first1234' }),
    (sql) => /count\(/i.test(sql),
    ['%first1234%'],
  );
  expect(plan).toContain('users_search_index');
  expect(plan).not.toContain('Seq Scan');
});

test.each([
  { by: 'address', email: 'nobody@example.org', index: /users_email_(key|prefix_index)/ },
  { by: 'username', email: 'nobody', index: /users_username_key/ },
])('signing in by $by finds the user by an index', async ({ email, index }) => {
  const plan = await planOf(
    () => server.client.graphql(loginMutation, { input: { email, password } }),
    (sql) => sql.includes('password_hash') && sql.startsWith('SELECT'),
    [email],
  );
  expect(plan).toMatch(index);
  expect(plan).not.toContain('Seq Scan');
});

test('the session of a request and its user are found by their indexes', async () => {
  const plan = await planOf(
    () => owner.client.graphql('{ me { id } }'),
    (sql) => sql.includes('FROM sessions'),
    [[Buffer.alloc(32)]],
  );
  expect(plan).toContain('sessions_token_hash_key');
  expect(plan).toContain('users_pkey');
  expect(plan).not.toMatch(/Seq Scan on (users|sessions|role_assignments)/);
});

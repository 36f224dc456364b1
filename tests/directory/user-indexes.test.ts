import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loginMutation, password, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { callsOf } from '../support/statements.ts';
import { connectUsers, listUsers, stretchOf, type ConnectionArguments } from './user-queries.ts';

// How PostgreSQL means to find users among 50,000, for the very statements the server sends and the
// values they are sent with: of these, 5 are Admins, 10 inactive, 20 unconfirmed.
let server: TestServer;
let owner: Person;

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  owner = await registerPerson(server);
  await server.database.query(
    `INSERT INTO users (id, email, username, password_hash, first_name, last_name, is_active,
       confirmed_at, custom_fields, created_at, updated_at)
     SELECT gen_random_uuid(), md5(n::text) || '@example.org', 'u' || substr(md5('u' || n), 1, 20),
       '', 'First' || n, 'Last' || n, n % 5000 <> 0, CASE WHEN n % 2500 <> 0 THEN now() END,
       jsonb_build_object('department', 'd' || n % 5000), now() - n * interval '1 minute', now()
     FROM generate_series(1, 50000) n`,
  );
  await server.database.query(
    `INSERT INTO role_assignments (user_id, role_id, assigned_at)
     SELECT u.id, r.id, now() FROM users u JOIN roles r ON r.name = CASE
       WHEN u.last_name IN ('Last9', 'Last99', 'Last999', 'Last9999', 'Last42') THEN 'Admin'
       ELSE 'User' END
     ON CONFLICT DO NOTHING`,
  );
  await server.database.query(
    `INSERT INTO sessions (id, user_id, token_hash, last_seen_at, expires_at, created_at)
     SELECT gen_random_uuid(), id, decode(md5(id::text), 'hex'), now(), now() + interval '1 day',
       now() FROM users`,
  );
  await server.database.query('VACUUM ANALYZE users');
  await server.database.query('ANALYZE sessions, role_assignments, roles');
});
afterAll(() => server.stop());

/** The plan of the one statement that `work` sends and `isMeant` recognises. */
async function planOf(
  work: () => Promise<unknown>,
  isMeant: (sql: string) => boolean,
  values?: readonly unknown[],
): Promise<string> {
  const sent = await callsOf(work);
  const meant = sent.filter(({ text }) => isMeant(text));
  expect(meant).toHaveLength(1);
  const rows = await server.database.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN ${meant.map(({ text }) => text).join('')}`,
    values ?? meant[0]?.values ?? [],
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const isListing = (sql: string) => sql.includes('FROM "users" "user"') && sql.includes('ORDER BY');

const byCreation = 'users_created_at_id_index';
const byEmail = 'users_email_key';

describe('a list of users', () => {
  test.each<{ given: ConnectionArguments; index: string; sorted?: boolean }>([
    { given: { sort: 'CREATED_AT_DESC' }, index: byCreation },
    { given: { sort: 'CREATED_AT_ASC' }, index: byCreation },
    { given: { sort: 'EMAIL_ASC' }, index: byEmail },
    { given: { sort: 'EMAIL_DESC' }, index: byEmail },
    { given: { role: 'User' }, index: byCreation },
    { given: { role: 'User', sort: 'EMAIL_ASC' }, index: byEmail },
    { given: { role: 'Admin' }, index: 'role_assignments_role_id_index', sorted: true },
    { given: { isActive: true }, index: byCreation },
    { given: { isActive: false }, index: 'users_inactive_index' },
    { given: { isActive: false, role: 'User' }, index: 'users_inactive_index' },
    { given: { confirmed: true }, index: byCreation },
    { given: { confirmed: false }, index: 'users_unconfirmed_index' },
    { given: { confirmed: false, sort: 'CREATED_AT_ASC' }, index: 'users_unconfirmed_index' },
    { given: { search: 'qzx' }, index: 'users_search_index', sorted: true },
    { given: { search: 'first12345' }, index: 'users_search_index', sorted: true },
    { given: { search: 'First77 last77' }, index: 'users_search_index', sorted: true },
    { given: { search: '%_x' }, index: 'users_search_index', sorted: true },
    { given: { search: 'example.org' }, index: byCreation },
    { given: { search: 'ab' }, index: byCreation },
    // Nobody's, on purpose: one that is a bound of the column's histogram is taken for 1% of all.
    {
      given: { customFields: { department: 'none' } },
      index: 'users_custom_fields_index',
      sorted: true,
    },
  ])('of $given is read by $index', async ({ given, index, sorted }) => {
    const plans = [
      await planOf(() => listUsers(owner.client, given), isListing),
      await planOf(() => connectUsers(owner.client, given), isListing),
    ];
    for (const plan of plans) {
      expect(plan).toContain(index);
      expect(plan).not.toMatch(/Seq Scan on users/);
      // By address the id breaks ties that are not there: what is sorted are single rows.
      if (sorted !== true) expect(plan.replaceAll('Incremental Sort', '')).not.toContain('Sort  (');
    }
  });

  test.each(['CREATED_AT_DESC', 'CREATED_AT_ASC', 'EMAIL_ASC', 'EMAIL_DESC'])(
    'in the order %s goes on, both ways, from where the cursor is in the index',
    async (sort) => {
      const { pageInfo } = await stretchOf(owner.client, { first: 100, sort });
      const index = sort.startsWith('EMAIL') ? byEmail : byCreation;
      for (const given of [
        { after: pageInfo.endCursor },
        { last: 10, before: pageInfo.endCursor },
      ]) {
        const plan = await planOf(() => connectUsers(owner.client, { ...given, sort }), isListing);
        expect(plan).toMatch(new RegExp(`${index}[^]*Index Cond: .*(created_at|lower)`));
        expect(plan.replaceAll('Incremental Sort', '')).not.toMatch(/Seq Scan|Sort {2}\(/);
      }
    },
  );
});

describe('searchUsers', () => {
  const search = (term: string) => () =>
    owner.client.graphql('query ($term: String!) { searchUsers(term: $term) { id } }', { term });

  test.each(['an', 'first', 'u0', 'first1234', 'nobody', '50%'])(
    'reads what begins with %j from the indexes of beginnings',
    async (term) => {
      const plan = await planOf(search(term), (sql) => sql.includes('UNION ALL'));
      for (const index of [
        'users_email_prefix_index',
        'users_username_key',
        'users_name_prefix_index',
        'users_last_name_prefix_index',
      ]) {
        expect(plan).toContain(index);
      }
      expect(plan).not.toContain('Seq Scan');
    },
  );

  test.each(['xample', 'qzx', 'irst4321', '.org'])(
    'reads the rest of what holds %j from an index, too',
    async (term) => {
      const plan = await planOf(search(term), (sql) => sql.includes('<> ALL'));
      expect(plan).toMatch(/users_search_index|users_created_at_id_index/);
      expect(plan).not.toContain('Seq Scan');
    },
  );
});

test('counting what a search finds uses the index of trigrams', async () => {
  const plan = await planOf(
    () => listUsers(owner.client, { search: 'first12345' }),
    (sql) => /count\(/i.test(sql),
  );
  expect(plan).toContain('users_search_index');
  expect(plan).not.toContain('Seq Scan');
});

test.each([
  { query: '{ firstUser { id } }', index: 'users_pkey' },
  { query: '{ firstAdmin { id } }', index: 'users_pkey' },
  { query: '{ userByEmail(email: "a@example.org") { id } }', index: 'users_email_' },
])('$query finds its user by an index', async ({ query, index }) => {
  const plan = await planOf(
    () => owner.client.graphql(query),
    (sql) => sql.includes('FROM "users" "user"'),
  );
  expect(plan).toContain(index);
  expect(plan).not.toContain('Seq Scan on users');
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

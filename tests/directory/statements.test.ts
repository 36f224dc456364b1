import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { callsOf, statementsOf } from '../support/statements.ts';

let server: TestServer;
let admin: Person;

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  ({ admin } = await registerStaff(server));
  await server.database.query(
    `WITH made AS (
       INSERT INTO users (id, email, password_hash, registration_ip, created_at, updated_at)
       SELECT gen_random_uuid(), 'many' || n || '@example.com', '', '192.0.2.1', now(), now()
       FROM generate_series(1, 120) n RETURNING id)
     INSERT INTO role_assignments (user_id, role_id, assigned_at)
     SELECT made.id, roles.id, now() FROM made JOIN roles ON roles.name = 'User'`,
  );
});
afterAll(() => server.stop());

const fields = 'id email displayName roleNames registration { ipAddress country }';

test.each([
  { list: `users(pageSize: 100) { nodes { ${fields} } }`, statements: 3 },
  { list: `usersConnection(first: 100) { edges { node { ${fields} } } }`, statements: 3 },
  { list: `usersConnection(last: 100) { edges { node { ${fields} } } }`, statements: 3 },
  { list: `users(pageSize: 100, search: "many") { nodes { ${fields} } }`, statements: 3 },
  // One more each: the role is looked up first, and totals are counted.
  { list: `users(pageSize: 100, role: "User") { nodes { ${fields} } }`, statements: 4 },
  { list: `usersWithRole(role: "User", pageSize: 100) { nodes { ${fields} } }`, statements: 4 },
  { list: `users(pageSize: 100) { nodes { ${fields} } totalCount totalPages }`, statements: 4 },
  // What cannot be is not asked for.
  { list: 'users(pageSize: 100, search: "m") { nodes { id } totalCount }', statements: 1 },
  { list: 'usersWithRole(role: "Nothing") { nodes { id } totalCount }', statements: 2 },
])(
  '$list costs $statements statements, the one for the caller included',
  async ({ list, ...cost }) => {
    const statements = await statementsOf(async () => {
      const { errors } = await admin.client.graphql(`{ ${list} }`);
      expect(errors).toEqual([]);
    });
    expect(statements).toHaveLength(cost.statements);
  },
);

test.each([
  { what: `users(pageSize: 7) { nodes { ${fields} roles { name } avatar { url } } }`, planned: [] },
  {
    what: 'users(isActive: false, confirmed: true, sort: EMAIL_ASC) { nodes { id } }',
    planned: [],
  },
  { what: 'searchUsers(term: "many1") { id }', planned: [] },
  // Which index is the best depends on the term, on how many hold the role, on what is in the fields.
  { what: 'searchUsers(term: "any119") { id }', planned: ['LIKE'] },
  { what: 'users(search: "many") { nodes { id } }', planned: ['LIKE'] },
])('$what plans nothing anew but what depends on its values', async ({ what, planned }) => {
  const calls = await callsOf(() => admin.client.graphql(`{ ${what} }`));
  const anew = calls.filter(({ name }) => name === undefined).map(({ text }) => text);
  expect(anew).toEqual(planned.map((part) => expect.stringContaining(part) as string));
});

import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { someoneWaits } from '../support/locks.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let owner: Person;
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  owner = await registerPerson(server);
});
afterAll(() => server.stop());

test('who waits for one that waits for them is told to come again, and nothing is half done', async () => {
  const { client } = owner;
  await client.graphql('mutation { createRole(name: "Editor") { errors { code } } }');
  const person = await registerPerson(server);
  const assign = () =>
    client.graphql<{ assignRole: { errors: unknown[] } | null }>(
      `mutation ($id: ID!) { assignRole(userId: $id, role: "Editor") { errors { code } } }`,
      { id: person.id },
    );
  const other = new pg.Client({ connectionString: server.database.url });
  await other.connect();
  try {
    // This one never finds out that it is part of a circle, so the server's statement does.
    await other.query(`SET deadlock_timeout = '1min'`);
    await other.query('BEGIN');
    await other.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [person.id]);
    const assigned = assign();
    await someoneWaits(server.database);
    await other.query(`SELECT FROM roles WHERE name = 'Editor' FOR UPDATE`);
    const { status, errors } = await assigned;
    expect([status, errors[0]?.extensions.code]).toEqual([503, 'SERVER_BUSY']);
    await other.query('ROLLBACK');
  } finally {
    await other.end();
  }
  const held = await server.database.query(
    `SELECT FROM role_assignments a JOIN roles r ON r.id = a.role_id
     WHERE a.user_id = $1 AND r.name = 'Editor'`,
    [person.id],
  );
  expect(held).toEqual([]);
  expect((await assign()).data.assignRole?.errors).toEqual([]);
});

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { poll } from '../support/mailbox.ts';
import {
  loginMutation,
  type LoginResult,
  password,
  registerStaff,
  registerUnconfirmed,
  type Person,
} from '../support/people.ts';
import type { Pooler } from '../support/pooler-double.ts';
import { poolerKinds, startPooler } from '../support/pooler.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** What a session keeps beyond its transactions, and would leave to whoever comes next. */
const stateOfSession = `SELECT pg_backend_pid() AS pid,
  ARRAY(SELECT name FROM pg_prepared_statements) AS statements,
  ARRAY(SELECT pg_listening_channels()) AS channels,
  ARRAY(SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory') AS locks,
  ARRAY(SELECT name FROM pg_settings WHERE source = 'session'
    AND name NOT IN ('application_name', 'client_encoding')) AS settings,
  pg_my_temp_schema()::int AS temporary`;

describe.each(poolerKinds)('behind a pooler in transaction mode (%s)', (kind) => {
  let database: TestDatabase;
  let pooler: Pooler;
  let server: TestServer;
  let owner: Person;
  let user: Person;

  beforeAll(async () => {
    // Empty, so that the migrations run too.
    database = await createTestDatabase({ empty: true });
    pooler = await startPooler(kind, database.url);
    const environment = {
      DATABASE_URL: pooler.url,
      DATABASE_DIRECT_URL: database.url,
      RATE_LIMITS: 'on',
      RATE_LIMIT_REQUESTS: '1000/60s',
      SESSION_CACHE_SIZE: '100',
    };
    server = await startTestServer(environment, database);
    ({ owner, user } = await registerStaff(server));
  });

  afterAll(async () => {
    await server?.stop();
    await pooler?.stop();
    await database?.drop();
  });

  test('all kinds of work are done', async () => {
    const me = Array.from({ length: 40 }, (_, place) =>
      (place % 2 ? owner : user).client.graphql<{ me: { id: string } }>('{ me { id roleNames } }'),
    );
    for (const { data, errors } of await Promise.all(me)) {
      expect(errors).toEqual([]);
      expect([owner.id, user.id]).toContain(data.me.id);
    }
    const input = { email: user.email, password };
    const { data } = await server.client.graphql<LoginResult>(loginMutation, { input });
    expect(data.login.token).toMatch(/^gh_s_/);
    for (const query of [
      '{ users { nodes { email roleNames roles { name } avatar { url } } } }',
      '{ users(search: "person") { totalCount nodes { email roleNames } } }',
      '{ usersConnection(first: 2) { edges { node { id } } } auditEvents { edges { cursor } } }',
      '{ searchUsers(term: "person") { id } roleStats { totalUsers } }',
      `mutation { updateUserFields(userId: "${user.id}", fields: { shoe: 43 }) { errors { code } } }`,
      `mutation { bulkUpdateUserFields(userIds: ["${user.id}"], fields: { hat: 7 }) { updatedCount } }`,
      'mutation { createAccessToken { accessToken errors { code } } }',
    ]) {
      expect((await owner.client.graphql(query)).errors).toEqual([]);
    }
  });

  test('notifications arrive: jobs are worked off at once, and an ended session is refused', async () => {
    const { email, client } = await registerUnconfirmed(server);
    await poll(20_000, 'no mail came', async () => {
      const response = await fetch(`${server.url}/dev/mailbox.json?to=${email}`);
      const mails = (await response.json()) as unknown[];
      return mails.length > 0 || undefined;
    });
    const asked = () => client.graphql<{ me: unknown }>('{ me { id } }');
    await asked();
    await database.query(
      'DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE email = $1)',
      [email],
    );
    await poll(
      10_000,
      'the session was not refused',
      async () => (await asked()).data.me === null || undefined,
    );
  });

  test('no connection of the pooler keeps anything of a session', async () => {
    const clients = [0, 1].map(() => new pg.Client({ connectionString: pooler.url }));
    const states = [];
    for (const client of clients) {
      await client.connect();
      await client.query('BEGIN'); // holds its connection, so that the other gets the other one
      states.push(...(await client.query<{ pid: number }>(stateOfSession)).rows);
    }
    for (const client of clients) {
      await client.query('COMMIT');
      await client.end();
    }
    expect(new Set(states.map(({ pid }) => pid)).size).toBe(2);
    const nothing = { statements: [], channels: [], locks: [], settings: [], temporary: 0 };
    expect(states.map(({ pid: _, ...state }) => state)).toEqual([nothing, nothing]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { revokeUserSessions } from '../administration/accounts.ts';
import { makeKey } from '../api-key/keys.ts';
import { auditOf } from '../audit/audit.ts';
import { ending, refuseAudit } from '../role/role-operations.ts';
import type { Client } from '../support/client.ts';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { currentSession, signInAgain, whoIs } from './sessions.ts';

let server: TestServer;
let elsewhere: TestServer;
let staff: { owner: Person; admin: Person; user: Person };

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  elsewhere = await startTestServer({ SESSION_IDLE_TTL: '1h', RUN_JOBS: 'false' }, server.database);
  staff = await registerStaff(server);
});
afterAll(async () => {
  await elsewhere.stop();
  await server.stop();
});

interface Listed {
  readonly id: string;
  readonly isCurrent: boolean;
}

const sessionsOf = (client: Client, id: string) =>
  client.graphql<{ user: { sessions: readonly Listed[] } | null }>(
    'query ($id: ID!) { user(id: $id) { sessions { id isCurrent browser ipAddress } } }',
    { id },
  );

describe('User.sessions', () => {
  test('are the live ones, newest first', async () => {
    const person = await registerPerson(server);
    const newer = await signInAgain(person, server.client);
    await server.database.query(
      `INSERT INTO sessions (id, user_id, token_hash, last_seen_at, expires_at, created_at)
       VALUES (gen_random_uuid(), $1, '\\x01', now(), now() - interval '1 second', now())`,
      [person.id],
    );
    const { data } = await sessionsOf(staff.admin.client, person.id);
    expect(data.user?.sessions.map(({ id }) => id)).toEqual([
      (await currentSession(newer)).id,
      (await currentSession(person.client)).id,
    ]);
  });

  test('that have idled out are not among them', async () => {
    const person = await registerPerson(server);
    await server.database.query(
      `UPDATE sessions SET last_seen_at = now() - interval '2 hours' WHERE user_id = $1`,
      [person.id],
    );
    const admin = elsewhere.client.withToken(staff.admin.token);
    expect((await sessionsOf(admin, person.id)).data).toEqual({ user: { sessions: [] } });
  });

  test('say which is in use to the user, who sees only the own', async () => {
    const { user } = staff;
    const { data } = await sessionsOf(user.client, user.id);
    expect(data.user?.sessions.map(({ isCurrent }) => isCurrent)).toEqual([true]);
    expect((await sessionsOf(user.client, staff.owner.id)).code).toBe('FORBIDDEN');
  });

  test('are FORBIDDEN where somebody else is only mentioned', async () => {
    const writer = await makeKey(server, 'USERS_WRITE');
    const answer = await writer.client.graphql(
      `mutation ($id: ID!) { updateUserProfile(userId: $id, input: {}) {
        user { id sessions { id } } } }`,
      { id: staff.user.id },
    );
    expect(answer.code).toBe('FORBIDDEN');
  });

  test('are for keys with USERS_READ', async () => {
    const reader = await makeKey(server, 'USERS_READ');
    expect((await sessionsOf(reader.client, staff.user.id)).errors).toEqual([]);
  });

  test('are a hundred at most, for each user, in one statement for all', async () => {
    const many = await Promise.all([registerPerson(server), registerPerson(server)]);
    for (const { id } of many) {
      await server.database.query(
        `INSERT INTO sessions (id, user_id, token_hash, last_seen_at, expires_at, created_at)
         SELECT gen_random_uuid(), $1::uuid, sha256(($1::uuid::text || n)::bytea), now(),
           now() + interval '1 day', now() - make_interval(secs => n)
         FROM generate_series(1, 120) n`,
        [id],
      );
    }
    const list = (fields: string) =>
      staff.admin.client.graphql<{ users: { nodes: { id: string; sessions: unknown[] }[] } }>(
        `{ users(pageSize: 100) { nodes { id ${fields} } } }`,
      );
    const without = await statementsOf(() => list(''));
    let nodes: { id: string; sessions: unknown[] }[] = [];
    const statements = await statementsOf(async () => {
      ({ nodes } = (await list('sessions { id }')).data.users);
    });
    expect(statements).toHaveLength(without.length + 1);
    for (const { id } of many) {
      expect(nodes.find((node) => node.id === id)?.sessions).toHaveLength(100);
    }
  });
});

describe('revokeUserSessions', () => {
  test('ends them all, on every instance, and tells how many', async () => {
    const person = await registerPerson(server);
    const clients = [person.client, await signInAgain(person, elsewhere.client)];
    const { data } = await revokeUserSessions(staff.admin.client, person.id);
    expect(data.outcome).toEqual({ count: 2, errors: [] });
    for (const client of clients) expect(await whoIs(client)).toBeUndefined();
    expect(await whoIs(staff.user.client)).toBe(staff.user.id);
  });

  test('is recorded: who, and how many', async () => {
    const person = await registerPerson(server);
    const key = await makeKey(server, 'SESSIONS_WRITE');
    await revokeUserSessions(key.client, person.id);
    expect((await auditOf(server.database, person.id)).at(-1)).toMatchObject({
      action: 'sessions.ended',
      actor_type: 'key',
      actor_id: key.id,
      metadata: { count: 1 },
    });
  });

  test('what cannot be recorded is not done', async () => {
    const person = await registerPerson(server);
    await refuseAudit(server.database, 'sessions.ended');
    const answer = await revokeUserSessions(staff.admin.client, person.id);
    expect(ending(answer)).toBe('INTERNAL_SERVER_ERROR');
    expect(await whoIs(person.client)).toBe(person.id);
  });

  test('of twenty at once all are well, and the sessions are counted once', async () => {
    const person = await registerPerson(server);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => revokeUserSessions(staff.admin.client, person.id)),
    );
    const counts = answers.map(({ data }) => data.outcome?.count ?? 0);
    expect(counts.reduce((sum, count) => sum + count)).toBe(1);
  });
});

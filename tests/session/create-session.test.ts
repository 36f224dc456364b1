import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey, type TestKey } from '../api-key/keys.ts';
import { auditOf } from '../audit/audit.ts';
import type { Client, UserError } from '../support/client.ts';
import { registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { currentSession, whoIs } from './sessions.ts';

let server: TestServer;
let key: TestKey;
beforeAll(async () => {
  server = await startTestServer({ TRUST_PROXY: '1', SESSION_FINGERPRINT: 'strict' });
  key = await makeKey(server, 'SESSIONS_WRITE');
  await registerPerson(server);
});
afterAll(() => server.stop());

interface Created {
  readonly user: { readonly id: string; readonly email: string | null } | null;
  readonly token: string | null;
  readonly expiresAt: string | null;
  readonly errors: readonly UserError[];
}

async function createSession(
  userId: string,
  device: { ipAddress?: string | null; userAgent?: string | null } = {},
  client: Client = key.client,
): Promise<Created> {
  const { data, errors } = await client.graphql<{ createSession: Created }>(
    `mutation ($userId: ID!, $ipAddress: String, $userAgent: String) {
      createSession(userId: $userId, ipAddress: $ipAddress, userAgent: $userAgent) {
        user { id email } token expiresAt errors { code field message }
      }
    }`,
    { userId, ...device },
  );
  expect(errors).toEqual([]);
  return data.createSession;
}

const refusals = ({ user, token, errors }: Created) => [
  user,
  token,
  ...errors.map(({ code, field }) => [code, field]),
];

const device = { ipAddress: '192.0.2.1', userAgent: 'Phone/1.0' };
const there = { 'x-forwarded-for': '192.0.2.1', 'user-agent': 'Phone/1.0' };
const elsewhere = { 'x-forwarded-for': '203.0.113.1', 'user-agent': 'Other/1.0' };

describe('createSession', () => {
  test('opens a session on the named device, which is its fingerprint', async () => {
    const person = await registerPerson(server);
    const { user, token, expiresAt, errors } = await createSession(person.id, device);
    expect(errors).toEqual([]);
    expect(user).toEqual({ id: person.id, email: person.email });
    expect(token).toMatch(/^gh_s_[\w-]{64}$/);
    const client = server.client.withToken(token ?? '');
    const session = await currentSession(client.with(there));
    expect(session).toMatchObject({ ...device, expiresAt, isCurrent: true });
    expect((await client.with(elsewhere).graphql('{ me { id } }')).code).toBe('UNAUTHENTICATED');
  });

  test('without a device opens one that is good everywhere', async () => {
    const person = await registerPerson(server);
    for (const nothing of [
      {},
      { ipAddress: null, userAgent: null },
      { ipAddress: ' ', userAgent: '' },
    ]) {
      const { token } = await createSession(person.id, nothing);
      const client = server.client.withToken(token ?? '');
      expect(await whoIs(client.with(there))).toBe(person.id);
      expect(await whoIs(client.with(elsewhere))).toBe(person.id);
      expect(await currentSession(client)).toMatchObject({ ipAddress: null, userAgent: null });
    }
  });

  test('takes addresses in every spelling, and user agents as headers have them', async () => {
    const person = await registerPerson(server);
    const opened = async (ipAddress: string, userAgent: string) => {
      const { token } = await createSession(person.id, { ipAddress, userAgent });
      const client = server.client
        .withToken(token ?? '')
        .with({ ...there, 'user-agent': userAgent });
      return currentSession(client);
    };
    expect(await opened(' ::ffff:c000:0201 ', 'A/1')).toMatchObject({ ipAddress: '192.0.2.1' });
    const long = 'x'.repeat(4000);
    expect(await opened('192.0.2.1', long)).toMatchObject({ userAgent: long.slice(0, 500) });
    const server6 = await createSession(person.id, { ipAddress: '2001:DB8::0:1', userAgent: null });
    const client = server.client.withToken(server6.token ?? '');
    expect(await currentSession(client)).toMatchObject({ ipAddress: '2001:db8::1' });
  });

  test('stamps lastSignInAt, and is recorded as the doing of the key, on the device', async () => {
    const person = await registerPerson(server);
    await createSession(person.id, device);
    const { data } = await person.client.graphql<{ me: { lastSignInAt: string } }>(
      '{ me { lastSignInAt } }',
    );
    expect(Date.now() - Date.parse(data.me.lastSignInAt)).toBeLessThan(60_000);
    const rows = await auditOf(server.database, person.id);
    expect(rows.at(-1)).toEqual({
      action: 'session.opened',
      actor_type: 'key',
      actor_id: key.id,
      address: '192.0.2.1',
      user_agent: 'Phone/1.0',
      metadata: {},
    });
  });

  test.each(['', 'x', '019b0000-0000-7000-8000-000000000000', "' OR ''='", 'a\0b'])(
    'for %j, who is nobody, is NOT_FOUND on userId',
    async (userId) => {
      expect(refusals(await createSession(userId))).toEqual([null, null, ['NOT_FOUND', 'userId']]);
    },
  );

  test('for an inactive user is ACCOUNT_INACTIVE on userId, recorded, and opens nothing', async () => {
    const person = await registerPerson(server);
    await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [person.id]);
    const answer = await createSession(person.id, device);
    expect(refusals(answer)).toEqual([null, null, ['ACCOUNT_INACTIVE', 'userId']]);
    const rows = await auditOf(server.database, person.id);
    expect(rows.at(-1)).toMatchObject({
      action: 'session.refused',
      actor_type: 'key',
      metadata: { reason: 'ACCOUNT_INACTIVE' },
    });
    const sessions = 'SELECT FROM sessions WHERE user_id = $1';
    expect(await server.database.query(sessions, [person.id])).toHaveLength(1);
  });

  test('with a device that is none is INVALID, every part of it at once', async () => {
    const { id } = await registerPerson(server);
    const invalid = (ipAddress: string | null, userAgent: string | null) =>
      createSession(id, { ipAddress, userAgent }).then(refusals);
    for (const ipAddress of ['x', '192.0.2', '192.0.2.1/24', '192.0.2.1:80', "'; --", '1\0']) {
      expect(await invalid(ipAddress, null)).toEqual([null, null, ['INVALID', 'ipAddress']]);
    }
    for (const userAgent of ['a\0b', 'a\nb', 'a\u007fb', 'a\ud83d']) {
      expect(await invalid(null, userAgent)).toEqual([null, null, ['INVALID', 'userAgent']]);
    }
    const both = [null, null, ['INVALID', 'ipAddress'], ['INVALID', 'userAgent']];
    expect(await invalid('x', 'a\0b')).toEqual(both);
  });

  test('is for keys with SESSIONS_WRITE alone', async () => {
    const { id, client } = await registerPerson(server);
    const document = `mutation { createSession(userId: "${id}") { token } }`;
    const { client: wrongKey } = await makeKey(server, 'TOKENS_READ', 'CREDENTIALS_VERIFY');
    expect((await wrongKey.graphql(document)).code).toBe('FORBIDDEN');
    expect((await client.graphql(document)).code).toBe('FORBIDDEN');
    expect((await server.client.graphql(document)).code).toBe('UNAUTHENTICATED');
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey, type TestKey } from '../api-key/keys.ts';
import { currentSession, logout, signInAgain, whoIs } from '../session/sessions.ts';
import {
  registerPerson,
  registerStaff,
  registerUnconfirmed,
  type Person,
} from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';

let server: TestServer;
let key: TestKey;
let staff: { owner: Person; admin: Person; user: Person };
beforeAll(async () => {
  server = await startTestServer({ TRUST_PROXY: '1', RUN_JOBS: 'false' });
  key = await makeKey(server, 'TOKENS_READ');
  staff = await registerStaff(server);
});
afterAll(() => server.stop());

const fields = `active expiresAt fingerprint { status reason }
  user { id email isActive confirmedAt lastSignInAt registration { ipAddress } roleNames
    hasRole(name: "admin") roles { name } }
  session { id ipAddress userAgent browser os isCurrent lastSeenAt expiresAt createdAt }
  roles { id name description isSystem }`;

interface Device {
  ipAddress?: string | null;
  userAgent?: string | null;
}

async function introspect(token: string, device: Device = {}, from: TestServer = server) {
  const { client } = from === server ? key : await makeKey(from, 'TOKENS_READ');
  const { data, errors } = await client.graphql<{ introspect: Record<string, unknown> }>(
    `query ($token: String!, $ipAddress: String, $userAgent: String) {
      introspect(token: $token, ipAddress: $ipAddress, userAgent: $userAgent) { ${fields} }
    }`,
    { token, ...device },
  );
  expect(errors).toEqual([]);
  return data.introspect;
}

async function verify(token: string, device: Device = {}, from: TestServer = server) {
  const { client } = from === server ? key : await makeKey(from, 'TOKENS_READ');
  const { data, errors } = await client.graphql<{ verifySessionFingerprint: unknown }>(
    `query ($token: String!, $ipAddress: String, $userAgent: String) {
      verifySessionFingerprint(token: $token, ipAddress: $ipAddress, userAgent: $userAgent) {
        status reason
      }
    }`,
    { token, ...device },
  );
  expect(errors).toEqual([]);
  return data.verifySessionFingerprint;
}

const inactive = {
  active: false,
  user: null,
  session: null,
  roles: null,
  expiresAt: null,
  fingerprint: null,
};

/** Everything a token can be but that of a live session of an active user. */
async function deadTokens(on: TestServer): Promise<string[]> {
  const change = async (sql: string) => {
    const person = await registerPerson(on);
    await on.database.query(sql, [person.id]);
    return person.token;
  };
  const ended = await registerPerson(on);
  await logout(ended.client);
  const { token } = await registerPerson(on);
  return [
    '',
    'x',
    "' OR ''='",
    'a\0b',
    key.secret,
    `gh_s_${'A'.repeat(64)}`,
    ` ${token}`,
    token.slice(0, -1),
    ended.token,
    await change("UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1"),
    await change('UPDATE users SET is_active = false WHERE id = $1'),
  ];
}

describe('introspect', () => {
  test('tells a server whose session a token is, with what is private', async () => {
    const { admin } = staff;
    const session = await currentSession(admin.client);
    const answer = await introspect(admin.token);
    expect(answer).toMatchObject({
      active: true,
      expiresAt: session.expiresAt,
      fingerprint: null,
      user: {
        id: admin.id,
        email: admin.email,
        isActive: true,
        registration: { ipAddress: '127.0.0.1' },
        roleNames: ['Admin', 'User'],
        hasRole: true,
        roles: [{ name: 'Admin' }, { name: 'User' }],
      },
      session: { ...session, isCurrent: false },
    });
    expect(answer.roles).toMatchObject([
      { name: 'Admin', isSystem: true },
      { name: 'User', isSystem: true },
    ]);
    const { data } = await admin.client.graphql<{ roles: { name: string }[] }>(
      '{ roles { id name description isSystem } }',
    );
    expect(data.roles).toEqual(expect.arrayContaining(answer.roles as unknown[]));
  });

  test('costs one statement beside that of the key, roles included', async () => {
    await introspect(staff.admin.token);
    const device = { ipAddress: '192.0.2.1', userAgent: 'A' };
    const statements = await statementsOf(() => introspect(staff.admin.token, device));
    expect(statements).toHaveLength(2);
    expect(await statementsOf(() => introspect('garbage'))).toHaveLength(1);
  });

  test('answers active false and nothing else for every token that is not good', async () => {
    for (const token of await deadTokens(server)) {
      expect(await introspect(token)).toEqual(inactive);
      expect(await introspect(token, { ipAddress: '192.0.2.1' })).toEqual(inactive);
    }
  });

  test('knows the idle limit', async () => {
    const strict = await startTestServer({ SESSION_IDLE_TTL: '2h' });
    const { token } = await registerPerson(strict);
    const age = (interval: string) =>
      strict.database.query('UPDATE sessions SET last_seen_at = now() - $1::interval', [interval]);
    await age('119 minutes');
    expect(await introspect(token, {}, strict)).toMatchObject({ active: true });
    await age('121 minutes');
    expect(await introspect(token, {}, strict)).toEqual(inactive);
    await strict.stop();
  });

  test('tells of unconfirmed users too, whom the server may judge by confirmedAt', async () => {
    const { token } = await registerUnconfirmed(server);
    expect(await introspect(token)).toMatchObject({ active: true, user: { confirmedAt: null } });
  });

  test('is no use of the session', async () => {
    const { id, token } = await registerPerson(server);
    const old = "UPDATE sessions SET last_seen_at = now() - interval '2 hours' WHERE user_id = $1";
    await server.database.query(old, [id]);
    await introspect(token);
    const recent =
      "SELECT FROM sessions WHERE user_id = $1 AND last_seen_at > now() - interval '1 hour'";
    expect(await server.database.query(recent, [id])).toHaveLength(0);
  });

  test('sees a session end with the next question', async () => {
    const person = await registerPerson(server);
    expect(await introspect(person.token)).toMatchObject({ active: true });
    await logout(person.client);
    expect(await introspect(person.token)).toEqual(inactive);
  });
});

describe('verifySessionFingerprint', () => {
  const opened = { 'x-forwarded-for': '192.0.2.1', 'user-agent': 'Home/1.0' };
  const home = { ipAddress: '192.0.2.1', userAgent: 'Home/1.0' };

  async function tokenAtHome(on: TestServer = server): Promise<string> {
    const client = await signInAgain(await registerPerson(on), on.client.with(opened));
    return (client.headers.authorization ?? '').replace('Bearer ', '');
  }

  test.each([
    ['OK', null, home],
    ['OK', null, { ...home, ipAddress: '::ffff:192.0.2.1' }],
    ['OK', null, {}],
    ['OK', null, { ipAddress: home.ipAddress }],
    ['OK', null, { userAgent: home.userAgent }],
    ['WARNING', 'IP_MISMATCH', { ...home, ipAddress: '192.0.2.2' }],
    ['WARNING', 'IP_MISMATCH', { ipAddress: '192.0.2.2' }],
    ['WARNING', 'USER_AGENT_MISMATCH', { ...home, userAgent: 'Home/2.0' }],
    ['WARNING', 'USER_AGENT_MISMATCH', { userAgent: 'home/1.0' }],
    ['MISMATCH', 'FINGERPRINT_MISMATCH', { ipAddress: '192.0.2.2', userAgent: 'Home/2.0' }],
  ])('is %s %s for %j, and introspect agrees', async (status, reason, device) => {
    const token = await tokenAtHome();
    expect(await verify(token, device)).toEqual({ status, reason });
    const { fingerprint, active } = await introspect(token, device);
    expect(active).toBe(true);
    expect(fingerprint).toEqual(Object.keys(device).length > 0 ? { status, reason } : null);
  });

  test('is TOKEN_NOT_FOUND for every token that is not good', async () => {
    for (const token of await deadTokens(server)) {
      expect(await verify(token, home)).toEqual({ status: 'TOKEN_NOT_FOUND', reason: null });
    }
  });

  test('ends no session, not even where fingerprints are strict', async () => {
    const strict = await startTestServer({ TRUST_PROXY: '1', SESSION_FINGERPRINT: 'strict' });
    const token = await tokenAtHome(strict);
    const thief = { ipAddress: '203.0.113.1', userAgent: 'Thief/1.0' };
    expect(await verify(token, thief, strict)).toMatchObject({ status: 'MISMATCH' });
    expect(await whoIs(strict.client.withToken(token).with(opened))).toBeDefined();
    await strict.stop();
  });

  test('is OK for every device where fingerprints are off', async () => {
    const off = await startTestServer({ TRUST_PROXY: '1', SESSION_FINGERPRINT: 'off' });
    const token = await tokenAtHome(off);
    const thief = { ipAddress: '203.0.113.1', userAgent: 'Thief/1.0' };
    expect(await verify(token, thief, off)).toEqual({ status: 'OK', reason: null });
    expect(await verify('x', thief, off)).toMatchObject({ status: 'TOKEN_NOT_FOUND' });
    await off.stop();
  });
});

test.each(['introspect', 'verifySessionFingerprint'])(
  '%s refuses a device that is none as BAD_USER_INPUT, for good and bad tokens alike',
  async (operation) => {
    for (const token of [staff.user.token, 'x']) {
      for (const argument of ['ipAddress: "x"', 'userAgent: "a\\u0000b"']) {
        const { code, errors } = await key.client.graphql(
          `{ ${operation}(token: "${token}", ${argument}) { __typename } }`,
        );
        expect(code).toBe('BAD_USER_INPUT');
        expect(errors[0]?.message).toContain(argument.split(':', 1)[0]);
      }
    }
  },
);

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey, type TestKey } from '../api-key/keys.ts';
import { attempt, startLimited } from '../rate-limit/limited-servers.ts';
import type { UserError } from '../support/client.ts';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  currentSession,
  login,
  logout,
  mySessions,
  revokeSession,
  signInAgain,
  whoIs,
} from './sessions.ts';

// What PhoenixKit's functions on sessions promise, with the examples of their documentation.

let server: TestServer;
let key: TestKey;
let staff: { owner: Person; admin: Person; user: Person };
beforeAll(async () => {
  server = await startTestServer({ TRUST_PROXY: '1', RUN_JOBS: 'false' });
  key = await makeKey(server, 'SESSIONS_WRITE', 'TOKENS_READ', 'CREDENTIALS_VERIFY');
  staff = await registerStaff(server);
});
afterAll(() => server.stop());

/** Asks as a server with an API key; the one root field is the answer. */
async function asServer<Answer>(document: string): Promise<Answer> {
  const { data, errors } = await key.client.graphql<Record<string, Answer>>(document);
  expect(errors).toEqual([]);
  const [answer] = Object.values(data);
  if (answer === undefined) throw new Error('There was no answer.');
  return answer;
}

interface Opened {
  readonly token: string;
  readonly errors: readonly UserError[];
}

const generate = (userId: string, device = '') =>
  asServer<Opened>(
    `mutation { createSession(userId: "${userId}"${device}) { token errors { code } } }`,
  );

const introspect = (token: string) =>
  asServer<{ active: boolean; user: { id: string } | null; session: object | null }>(
    `{ introspect(token: "${token}") { active user { id } session { ipAddress userAgent } } }`,
  );

describe('get_user_by_email_and_password gets a user by e-mail and password', () => {
  const verify = (email: string, password: string, ipAddress = '') =>
    asServer<{ user: { id: string } | null; errors: readonly UserError[] }>(
      `mutation { verifyCredentials(email: "${email}", password: "${password}"${ipAddress}) {
        user { id } errors { code }
      } }`,
    );

  test('("foo@example.com", "correct_password") → the user', async () => {
    const person = await registerPerson(server, {
      email: 'foo@example.com',
      password: 'correct_password',
    });
    const { user, errors } = await login(server.client, 'foo@example.com', {
      password: 'correct_password',
    });
    expect([user?.id, errors]).toEqual([person.id, []]);
    expect((await verify('foo@example.com', 'correct_password')).user?.id).toBe(person.id);
    const fromAddress = await verify(
      'foo@example.com',
      'correct_password',
      ', ipAddress: "192.168.1.1"',
    );
    expect(fromAddress.user?.id).toBe(person.id);
  });

  test('("foo@example.com", "invalid_password") → invalid credentials', async () => {
    const refused = await login(server.client, 'foo@example.com', { password: 'invalid_password' });
    expect(refused.user).toBeNull();
    expect(refused.errors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    const { user, errors } = await verify('foo@example.com', 'invalid_password');
    expect([user, errors]).toEqual([null, [{ code: 'INVALID_CREDENTIALS' }]]);
  });

  test('after 5 attempts in a minute → rate limit exceeded, with the right password too', async () => {
    const { server: limited } = await startLimited('PostgreSQL');
    const { email } = await registerPerson(limited);
    for (let times = 0; times < 5; times += 1) {
      expect((await attempt(limited.client, email)).code).toBeUndefined();
    }
    const right = await attempt(limited.client, email, 'correct horse battery');
    expect(right.code).toBe('RATE_LIMITED');
  });
});

describe('generate_user_session_token generates a session token', () => {
  test('without a fingerprint', async () => {
    const { token, errors } = await generate(staff.user.id);
    expect(errors).toEqual([]);
    expect(await whoIs(server.client.withToken(token))).toBe(staff.user.id);
    const { session } = await introspect(token);
    expect(session).toEqual({ ipAddress: null, userAgent: null });
  });

  test('with a fingerprint', async () => {
    const { token } = await generate(
      staff.user.id,
      ', ipAddress: "192.168.1.1", userAgent: "abc123"',
    );
    const { session } = await introspect(token);
    expect(session).toEqual({ ipAddress: '192.168.1.1', userAgent: 'abc123' });
  });

  test('a different one each time', async () => {
    const opened = [await generate(staff.user.id), await generate(staff.user.id)];
    expect(new Set(opened.map(({ token }) => token)).size).toBe(2);
  });
});

describe('get_user_by_session_token gets the user with the given token', () => {
  test('for a token that is good, wherever it is shown', async () => {
    const { token } = await generate(staff.user.id);
    expect(await whoIs(server.client.withToken(token))).toBe(staff.user.id);
    expect((await introspect(token)).user?.id).toBe(staff.user.id);
  });

  test('and nobody for one that is not', async () => {
    expect(await whoIs(server.client.withToken('invalid_token'))).toBeUndefined();
    expect((await introspect('invalid_token')).user).toBeNull();
  });
});

describe('ensure_active_user ensures the user is active', () => {
  test('%User{is_active: true} → the user; %User{is_active: false} → nobody', async () => {
    const person = await registerPerson(server);
    const { token } = await generate(person.id);
    const set = (active: boolean) =>
      server.database.query('UPDATE users SET is_active = $2 WHERE id = $1', [person.id, active]);
    expect((await introspect(token)).user?.id).toBe(person.id);
    await set(false);
    expect(await whoIs(server.client.withToken(token))).toBeUndefined();
    expect(await introspect(token)).toEqual({ active: false, user: null, session: null });
  });

  test('nil → nobody', async () => {
    expect(await whoIs(server.client)).toBeUndefined();
  });
});

describe('get_session_token_record gets the record of the given session token', () => {
  test('"valid_token" → address and user agent, for a server and for the user', async () => {
    const client = server.client.with({ 'x-forwarded-for': '192.168.1.1', 'user-agent': 'abc123' });
    const session = await signInAgain(staff.user, client);
    const record = { ipAddress: '192.168.1.1', userAgent: 'abc123' };
    const token = session.headers.authorization?.slice(7) ?? '';
    expect((await introspect(token)).session).toEqual(record);
    expect(await currentSession(session)).toMatchObject(record);
  });

  test('"invalid_token" → nothing', async () => {
    expect((await introspect('invalid_token')).session).toBeNull();
  });
});

test('get_all_user_session_tokens gets all active sessions of the user, and of nobody else', async () => {
  const person = await registerPerson(server);
  const second = await signInAgain(person, server.client);
  const third = await signInAgain(person, server.client);
  const ids = [third, second, person.client].map(
    async (client) => (await currentSession(client)).id,
  );
  const expected = await Promise.all(ids);
  expect((await mySessions(person.client)).map(({ id }) => id)).toEqual(expected);
  await server.database.query(
    "UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = $1",
    [expected[0]],
  );
  expect((await mySessions(person.client)).map(({ id }) => id)).toEqual(expected.slice(1));
});

describe('delete_user_session_token deletes the session', () => {
  test('in use, and leaves the others', async () => {
    const person = await registerPerson(server);
    const other = await signInAgain(person, server.client);
    await logout(person.client);
    expect(await whoIs(person.client)).toBeUndefined();
    expect(await whoIs(other)).toBe(person.id);
  });

  test('named by its id', async () => {
    const person = await registerPerson(server);
    const other = await signInAgain(person, server.client);
    expect(await revokeSession(person.client, (await currentSession(other)).id)).toEqual([]);
    expect(await whoIs(other)).toBeUndefined();
  });
});

test('delete_all_user_session_tokens deletes all sessions of the user, and of nobody else', async () => {
  const person = await registerPerson(server);
  const bystander = await registerPerson(server);
  const other = await signInAgain(person, server.client);
  const { data } = await person.client.graphql('mutation { logoutEverywhere { count } }');
  expect(data).toEqual({ logoutEverywhere: { count: 2 } });
  for (const client of [person.client, other]) expect(await whoIs(client)).toBeUndefined();
  expect(await whoIs(bystander.client)).toBe(bystander.id);
});

describe('verify_session_fingerprint verifies a session fingerprint against the stored data', () => {
  const stored = ', ipAddress: "192.168.1.1", userAgent: "Browser/1"';
  const verify = (token: string, device: string) =>
    asServer(`{ verifySessionFingerprint(token: "${token}"${device}) { status reason } }`);

  test.each([
    [stored, 'OK', null],
    [', ipAddress: "192.168.1.2", userAgent: "Browser/1"', 'WARNING', 'IP_MISMATCH'],
    [', ipAddress: "192.168.1.1", userAgent: "Browser/2"', 'WARNING', 'USER_AGENT_MISMATCH'],
    [', ipAddress: "192.168.1.2", userAgent: "Browser/2"', 'MISMATCH', 'FINGERPRINT_MISMATCH'],
  ])('%s → %s %s', async (device, status, reason) => {
    const { token } = await generate(staff.user.id, stored);
    expect(await verify(token, device)).toEqual({ status, reason });
  });

  test('an unknown token → token not found', async () => {
    const found = await verify('invalid_token', stored);
    expect(found).toEqual({ status: 'TOKEN_NOT_FOUND', reason: null });
  });

  test('a session without a fingerprint → ok', async () => {
    const { token } = await generate(staff.user.id);
    expect(await verify(token, stored)).toEqual({ status: 'OK', reason: null });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loginMutation, registerPerson, type LoginResult } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { currentSession, login, loginCodes, whoIs } from './sessions.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' }); // statements are counted
  await registerPerson(server);
});
afterAll(() => server.stop());

test('the right password signs in by address or username, in any case', async () => {
  const person = await registerPerson(server, { email: 'Frodo@Example.com', username: 'Ring_B' });
  for (const name of ['Frodo@Example.com', 'frodo@example.COM', ' FRODO@EXAMPLE.COM ', 'ring_b']) {
    const { user, token, expiresAt, errors } = await login(server.client, name);
    expect(errors).toEqual([]);
    expect(user).toEqual({ id: person.id, email: 'Frodo@Example.com' });
    expect(token).toMatch(/^gh_s_[\w-]{64}$/);
    const days = (Date.parse(expiresAt ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(59.9);
    expect(days).toBeLessThanOrEqual(60);
    expect(await whoIs(server.client.withToken(token ?? ''))).toBe(person.id);
  }
});

test('an address typed decomposed is the same address', async () => {
  const { id } = await registerPerson(server, { email: 'zoë@example.com' });
  expect((await login(server.client, 'Zoe\u0308@example.com')).user?.id).toBe(id);
});

test('signing in stamps lastSignInAt and makes a session of its own each time', async () => {
  const person = await registerPerson(server);
  const first = await login(server.client, person.email);
  const second = await login(server.client, person.email);
  expect(first.token).not.toBe(second.token);
  const { data } = await person.client.graphql<{ me: { lastSignInAt: string } }>(
    '{ me { lastSignInAt } }',
  );
  expect(Date.now() - Date.parse(data.me.lastSignInAt)).toBeLessThan(60_000);
});

test('SESSION_TTL decides how long a session lasts', async () => {
  const brief = await startTestServer({ SESSION_TTL: '2h' });
  const { client } = await registerPerson(brief);
  const { expiresAt, createdAt } = await currentSession(client);
  await brief.stop();
  expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(2 * 3600 * 1000);
});

describe('nobody learns from a refusal whether there is an account', () => {
  test('an unknown account and a wrong password are one answer', async () => {
    const person = await registerPerson(server);
    const answerTo = (email: string) =>
      server.client.graphql<LoginResult>(loginMutation, {
        input: { email, password: 'not the password' },
      });
    const wrong = await answerTo(person.email);
    expect(wrong.data.login).toEqual({
      user: null,
      token: null,
      expiresAt: null,
      errors: [{ code: 'INVALID_CREDENTIALS', field: null, message: expect.any(String) as string }],
    });
    for (const name of [person.username, 'nobody@example.com', 'nobody', '', '@', '%', '_______']) {
      const other = await answerTo(name);
      expect(other.status).toBe(wrong.status);
      expect(other.data).toEqual(wrong.data);
      expect([...other.headers.keys()]).toEqual([...wrong.headers.keys()]);
    }
  });

  test('no password is right but the one: not blank, not longer, not in another case', async () => {
    const { email } = await registerPerson(server, { password: 'x'.repeat(71) + 'Y' });
    const tries = ['', ' ', 'x'.repeat(71) + 'y', 'x'.repeat(71), 'x'.repeat(71) + 'Yz', 'x\0'];
    for (const password of tries) {
      expect(await loginCodes(server.client, email, { password })).toEqual(['INVALID_CREDENTIALS']);
    }
  });

  test('both cost the same number of statements', async () => {
    const { email } = await registerPerson(server);
    const costOf = (name: string) =>
      statementsOf(() => loginCodes(server.client, name, { password: 'not the password' }));
    const known = await costOf(email);
    const unknown = await costOf('nobody@example.com');
    expect(known).toHaveLength(2);
    expect(unknown).toEqual(known);
  });

  test('an inactive account is told only to who knows the password', async () => {
    const person = await registerPerson(server);
    await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [person.id]);
    const password = 'not the password';
    expect(await loginCodes(server.client, person.email, { password })).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    const { user, token, errors } = await login(server.client, person.email);
    expect([user, token]).toEqual([null, null]);
    expect(errors).toEqual([
      { code: 'ACCOUNT_INACTIVE', field: null, message: expect.any(String) as string },
    ]);
    const sessions = 'SELECT FROM sessions WHERE user_id = $1';
    expect(await server.database.query(sessions, [person.id])).toHaveLength(1); // from registering
  });
});

test('control characters in the name are refused as such and never reach the database', async () => {
  for (const email of ['frodo\0@example.com', 'fro\ndo', 'fro\ud83ddo']) {
    expect((await login(server.client, email)).errors).toEqual([
      { code: 'INVALID', field: 'input.email', message: expect.any(String) as string },
    ]);
  }
});

test('registering and signing in cost a fixed number of statements', async () => {
  const name = { email: 'counted@example.com', password: 'correct horse battery' };
  const registering = await statementsOf(() =>
    server.client.graphql(
      'mutation ($input: RegisterInput!) { register(input: $input) { errors { code } } }',
      { input: name },
    ),
  );
  const signingIn = await statementsOf(() => login(server.client, name.email));
  // A transaction of seat, user, role found, given and read, two of audit, and of the mail that asks
  // for a confirmation its token, itself and its job; the user again.
  expect(registering).toHaveLength(12);
  // The account; a transaction of stamp, session and audit.
  expect(signingIn).toHaveLength(6);
});

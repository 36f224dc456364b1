import bcryptjs from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey, type TestKey } from '../api-key/keys.ts';
import { auditOf } from '../audit/audit.ts';
import { passed, startLimited, times } from '../rate-limit/limited-servers.ts';
import type { Client, UserError } from '../support/client.ts';
import { password, registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { loginCodes } from './sessions.ts';

let server: TestServer;
let key: TestKey;
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  key = await makeKey(server, 'CREDENTIALS_VERIFY');
  await registerPerson(server);
});
afterAll(() => server.stop());

interface Verified {
  readonly verifyCredentials: {
    readonly user: { readonly id: string; readonly email: string | null } | null;
    readonly errors: readonly UserError[];
  };
}

const ask = (client: Client, email: string, typed = password, ipAddress?: string) =>
  client.graphql<Verified>(
    `mutation ($email: String!, $password: String!, $ipAddress: String) {
      verifyCredentials(email: $email, password: $password, ipAddress: $ipAddress) {
        user { id email } errors { code field message }
      }
    }`,
    { email, password: typed, ipAddress },
  );

async function verify(email: string, typed = password, ipAddress?: string) {
  const { data, errors } = await ask(key.client, email, typed, ipAddress);
  expect(errors).toEqual([]);
  return data.verifyCredentials;
}

const refused = (code: string, field: string | null = null) => ({
  user: null,
  errors: [{ code, field, message: expect.any(String) as string }],
});

describe('verifyCredentials', () => {
  test('tells whose the right credentials are, by address or username in any case', async () => {
    const person = await registerPerson(server, { email: 'Sam@Example.com', username: 'Gardener' });
    for (const name of ['Sam@Example.com', ' sam@EXAMPLE.com ', 'gardener']) {
      const { user, errors } = await verify(name);
      expect(errors).toEqual([]);
      expect(user).toEqual({ id: person.id, email: 'Sam@Example.com' });
    }
  });

  test('opens no session and hands out no cookie', async () => {
    const person = await registerPerson(server);
    const answer = await ask(key.client, person.email);
    expect(answer.data.verifyCredentials.user?.id).toBe(person.id);
    expect(answer.headers.getSetCookie()).toEqual([]);
    const sessions = 'SELECT FROM sessions WHERE user_id = $1';
    expect(await server.database.query(sessions, [person.id])).toHaveLength(1); // from registering
  });

  test('refuses a wrong password and an unknown account alike', async () => {
    const { email } = await registerPerson(server);
    const answers = [
      await verify(email, 'not the password'),
      await verify('nobody@example.com'),
      await verify('', ''),
    ];
    for (const answer of answers) expect(answer).toEqual(refused('INVALID_CREDENTIALS'));
    expect(new Set(answers.map(({ errors }) => errors[0]?.message)).size).toBe(1);
  });

  test('tells of an inactive account to who knows the password', async () => {
    const person = await registerPerson(server);
    await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [person.id]);
    expect(await verify(person.email)).toEqual(refused('ACCOUNT_INACTIVE'));
    expect(await verify(person.email, 'no')).toEqual(refused('INVALID_CREDENTIALS'));
  });

  test('refuses what is no address as INVALID, each on its argument', async () => {
    const { email } = await registerPerson(server);
    expect(await verify('fro\0do')).toEqual(refused('INVALID', 'email'));
    expect(await verify(email, password, 'x')).toEqual(refused('INVALID', 'ipAddress'));
  });

  test('is recorded as the doing of the key, for the person where they are', async () => {
    const person = await registerPerson(server);
    await verify(person.email, password, '::ffff:192.0.2.5');
    await verify(person.email, 'no', '192.0.2.6');
    await verify(person.email);
    const rows = (await auditOf(server.database, person.id)).slice(-3);
    const byKey = { actor_type: 'key', actor_id: key.id };
    expect(rows).toEqual([
      {
        action: 'credentials.verified',
        ...byKey,
        address: '192.0.2.5',
        user_agent: null,
        metadata: {},
      },
      {
        action: 'session.refused',
        ...byKey,
        address: '192.0.2.6',
        user_agent: null,
        metadata: { reason: 'INVALID_CREDENTIALS' },
      },
      {
        action: 'credentials.verified',
        ...byKey,
        address: '127.0.0.1',
        user_agent: 'node',
        metadata: {},
      },
    ]);
  });

  test('makes an outdated hash anew', async () => {
    const person = await registerPerson(server);
    const store = 'UPDATE users SET password_hash = $2 WHERE id = $1';
    await server.database.query(store, [person.id, bcryptjs.hashSync(password, 5)]);
    expect((await verify(person.email)).errors).toEqual([]);
    const [row] = await server.database.query<{ password_hash: string }>(
      'SELECT password_hash FROM users WHERE id = $1',
      [person.id],
    );
    expect(row?.password_hash).toMatch(/^\$2b\$04\$/);
    expect(await loginCodes(server.client, person.email)).toEqual([]);
  });
});

describe('the limits of signing in', () => {
  test('count verifyCredentials by where the person is, however it is spelled', async () => {
    const { server: limited } = await startLimited('PostgreSQL');
    const { client } = await makeKey(limited, 'CREDENTIALS_VERIFY');
    const { email } = await registerPerson(limited);
    const spellings = ['192.0.2.1', '::ffff:192.0.2.1', ' 192.0.2.1 '];
    const answers = await times(12, (index) => ask(client, email, 'no', spellings[index % 3]));
    expect(passed(answers, 'LOGIN')).toBe(5);
    const elsewhere = await times(7, () => ask(client, email, 'no', '192.0.2.2'));
    expect(passed(elsewhere, 'LOGIN')).toBe(5);
  });

  test('count it and login as one on an account', async () => {
    const { server: limited } = await startLimited('PostgreSQL');
    const { client } = await makeKey(limited, 'CREDENTIALS_VERIFY');
    const { email } = await registerPerson(limited);
    for (let times = 0; times < 5; times += 1) await loginCodes(limited.client, email);
    expect((await ask(client, email)).code).toBe('RATE_LIMITED');
  });

  test('stop it on one account at 30 a minute, whatever addresses it names', async () => {
    const { server: limited } = await startLimited('PostgreSQL');
    const { client } = await makeKey(limited, 'CREDENTIALS_VERIFY');
    const answers = await times(40, (index) =>
      ask(client, 'nobody@example.com', 'no', `203.0.113.${index}`),
    );
    expect(passed(answers, 'LOGIN_ACCOUNT')).toBe(30);
  });
});

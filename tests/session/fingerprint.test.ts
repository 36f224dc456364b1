import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { auditOf } from '../audit/audit.ts';
import { Client } from '../support/client.ts';
import { createTestDatabase } from '../support/database.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { cookieLogin, pairOf, readCookie, setCookieOf } from './cookies.ts';
import { currentSession, login, signInAgain, whoIs } from './sessions.ts';

async function start(environment: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const server = await startTestServer({ TRUST_PROXY: '1', RUN_JOBS: 'false', ...environment });
  onTestFinished(() => server.stop());
  return server;
}

const home = { 'x-forwarded-for': '192.0.2.1', 'user-agent': 'Home/1.0' };
const moved = { ...home, 'x-forwarded-for': '198.51.100.7' };
const updated = { ...home, 'user-agent': 'Home/2.0' };
const thief = { 'x-forwarded-for': '203.0.113.9', 'user-agent': 'Thief/1.0' };

/** Someone signed in at home; their token is sent from wherever a test says. */
async function signedInAtHome(server: TestServer): Promise<{ person: Person; session: Client }> {
  const person = await registerPerson(server);
  const session = await signInAgain(person, server.client.with(home));
  return { person, session };
}

const told = (server: TestServer) =>
  server.logged
    .map((line) => JSON.parse(line) as { msg: string; reason?: string; level: number })
    .filter(({ msg }) => msg === 'a session is used from elsewhere');

const mismatches = async (server: TestServer, person: Person) =>
  (await auditOf(server.database, person.id)).filter(
    ({ action }) => action === 'session.fingerprint_mismatch',
  );

test('signing in stores the address and the SHA-256 of the whole user agent', async () => {
  const server = await start();
  const person = await registerPerson(server);
  const agent = 'x'.repeat(4000);
  const client = await signInAgain(person, server.client.with({ ...home, 'user-agent': agent }));
  const { id } = await currentSession(client);
  const [row] = await server.database.query<{ address: string; agent: string; hash: Buffer }>(
    `SELECT host(ip_address) AS address, user_agent AS agent, user_agent_hash AS hash
     FROM sessions WHERE id = $1`,
    [id],
  );
  expect(row?.address).toBe('192.0.2.1');
  expect(row?.agent).toBe(agent.slice(0, 500));
  expect(row?.hash).toEqual(createHash('sha256').update(agent).digest());
});

describe.each(['off', 'warn', 'strict'])('with SESSION_FINGERPRINT=%s', (mode) => {
  test('a session at home is served, nothing is logged, and it costs one statement', async () => {
    const server = await start({ SESSION_FINGERPRINT: mode });
    const { person, session } = await signedInAtHome(server);
    const statements = await statementsOf(async () => {
      expect(await whoIs(session)).toBe(person.id);
    });
    expect(statements).toHaveLength(1);
    expect(told(server)).toEqual([]);
  });

  test('one that moved, or whose browser was updated, is served', async () => {
    const server = await start({ SESSION_FINGERPRINT: mode });
    const { person, session } = await signedInAtHome(server);
    expect(await whoIs(session.with(moved))).toBe(person.id);
    expect(await whoIs(session.with(updated))).toBe(person.id);
    const reasons = told(server).map(({ reason }) => reason);
    expect(reasons).toEqual(mode === 'off' ? [] : ['IP_MISMATCH', 'USER_AGENT_MISMATCH']);
    expect(await mismatches(server, person)).toEqual([]);
  });

  test('one of which nothing is known is OK from everywhere', async () => {
    const server = await start({ SESSION_FINGERPRINT: mode });
    const { person, session } = await signedInAtHome(server);
    await server.database.query('UPDATE sessions SET ip_address = NULL, user_agent_hash = NULL');
    expect(await whoIs(session.with(thief))).toBe(person.id);
    expect(told(server)).toEqual([]);
  });

  test('one of which the address alone is known is a warning at most', async () => {
    const server = await start({ SESSION_FINGERPRINT: mode });
    const { person, session } = await signedInAtHome(server);
    await server.database.query('UPDATE sessions SET user_agent_hash = NULL');
    expect(await whoIs(session.with(thief))).toBe(person.id);
    expect(await whoIs(session.with(thief))).toBe(person.id);
    expect(await mismatches(server, person)).toEqual([]);
  });
});

test('off looks at nothing', async () => {
  const server = await start({ SESSION_FINGERPRINT: 'off' });
  const { person, session } = await signedInAtHome(server);
  const statements = await statementsOf(async () => {
    expect(await whoIs(session.with(thief))).toBe(person.id);
  });
  expect(statements).toHaveLength(1);
  expect(told(server)).toEqual([]);
  expect(await mismatches(server, person)).toEqual([]);
});

describe('warn, the default,', () => {
  test('serves a mismatch, logs it, and records who, from where and which session', async () => {
    const server = await start();
    const { person, session } = await signedInAtHome(server);
    const { id } = await currentSession(session);
    expect(await whoIs(session.with(thief))).toBe(person.id);
    expect(told(server)).toMatchObject([
      { level: 40, sessionId: id, reason: 'FINGERPRINT_MISMATCH', refused: false },
    ]);
    expect(await mismatches(server, person)).toMatchObject([
      {
        actor_id: person.id,
        address: '203.0.113.9',
        user_agent: 'Thief/1.0',
        metadata: { sessionId: id, openedFrom: '192.0.2.1' },
      },
    ]);
    expect(server.logged.join('')).not.toMatch(/gh_s_/);
  });

  test('tells of one place once an hour, however many requests come at once from two instances', async () => {
    const database = await createTestDatabase();
    const servers = [
      await startTestServer({ TRUST_PROXY: '1' }, database),
      await startTestServer({ TRUST_PROXY: '1' }, database),
    ] as const;
    const [one, other] = servers;
    const { person, session } = await signedInAtHome(one);
    const asks = (times: number, headers: Record<string, string>) =>
      Promise.all(
        Array.from({ length: times }, (_, index) =>
          whoIs(new Client((index % 2 ? one : other).url, { ...session.headers, ...headers })),
        ),
      );
    await asks(20, thief);
    await asks(20, { ...thief, 'user-agent': 'Thief/2.0' });
    await asks(10, thief);
    const recorded = await mismatches(one, person);
    expect(recorded.map(({ user_agent }) => user_agent).sort()).toEqual(['Thief/1.0', 'Thief/2.0']);
    expect([...told(one), ...told(other)]).toHaveLength(2);

    await database.query(
      "UPDATE rate_limits SET places = ARRAY[now() - interval '61 minutes'] WHERE key LIKE 'FING%'",
    );
    const third = await startTestServer({ TRUST_PROXY: '1' }, database);
    await whoIs(third.client.with({ ...session.headers, ...thief }));
    expect(await mismatches(one, person)).toHaveLength(3);
    for (const server of [...servers, third]) await server.stop();
    await database.drop();
  });

  test('asks the database nothing more about a place it has told of', async () => {
    const server = await start();
    const { session } = await signedInAtHome(server);
    for (const headers of [moved, thief]) {
      await whoIs(session.with(headers));
      await whoIs(session.with(headers));
      expect(await statementsOf(() => whoIs(session.with(headers)))).toHaveLength(1);
    }
  });
});

describe('strict', () => {
  const strict = { SESSION_FINGERPRINT: 'strict' };

  test('answers a mismatch UNAUTHENTICATED, to public fields too, and ends the session', async () => {
    const server = await start(strict);
    const { person, session } = await signedInAtHome(server);
    const { id } = await currentSession(session);
    const stolen = await session.with(thief).graphql('{ me { id } }');
    expect([stolen.status, stolen.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(stolen.data).toEqual({});
    expect(await whoIs(session)).toBeUndefined();
    expect(await whoIs(person.client)).toBe(person.id); // the other session goes on
    const rows = await auditOf(server.database, person.id);
    expect(rows.slice(-2)).toMatchObject([
      { action: 'session.ended', address: '203.0.113.9' },
      { action: 'session.fingerprint_mismatch', metadata: { sessionId: id } },
    ]);
    expect(told(server)).toMatchObject([{ reason: 'FINGERPRINT_MISMATCH', refused: true }]);
  });

  test('runs nothing of what the thief asked for', async () => {
    const server = await start(strict);
    const { person, session } = await signedInAtHome(server);
    const stolen = await session.with(thief).graphql('mutation { logoutEverywhere { count } }');
    expect(stolen.code).toBe('UNAUTHENTICATED');
    expect(await whoIs(person.client)).toBe(person.id);
  });

  test('clears the cookie it refuses', async () => {
    const server = await start(strict);
    const { email } = await registerPerson(server);
    const cookie = pairOf(await cookieLogin(server.client.with(home), email));
    expect(await whoIs(server.client.with({ ...home, cookie }))).toBeDefined();
    const answer = await server.client.with({ ...thief, cookie }).graphql('{ me { id } }');
    expect(answer.code).toBe('UNAUTHENTICATED');
    expect(readCookie(setCookieOf(answer)).value).toBe('');
  });

  test('ends the session once when 20 requests mismatch at once, and refuses all', async () => {
    const server = await start(strict);
    const { person, session } = await signedInAtHome(server);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => session.with(thief).graphql('{ currentSession { id } }')),
    );
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['UNAUTHENTICATED']));
    expect(await mismatches(server, person)).toHaveLength(1);
  });

  test('knows an address in whatever spelling it comes', async () => {
    const server = await start(strict);
    const person = await registerPerson(server);
    const spellings = [
      ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['192.0.2.1', '::FFFF:c000:201'],
      ['2001:db8:0:1:1:1:1:1', '2001:0db8:0:1:1:1:1:1'],
    ];
    for (const [opened = '', used = ''] of spellings) {
      const client = server.client.with({ ...home, 'x-forwarded-for': opened });
      const { token } = await login(client, person.email);
      const elsewhere = server.client
        .withToken(token ?? '')
        .with({ ...updated, 'x-forwarded-for': used });
      expect(await whoIs(elsewhere)).toBe(person.id);
    }
    expect(told(server).every(({ reason }) => reason === 'USER_AGENT_MISMATCH')).toBe(true);
  });

  test('takes a user agent left out for a different one', async () => {
    const server = await start(strict);
    const { session } = await signedInAtHome(server);
    expect(await whoIs(session.with({ ...home, 'user-agent': '' }))).toBeDefined();
    const { code } = await session.with({ ...thief, 'user-agent': '' }).graphql('{ me { id } }');
    expect(code).toBe('UNAUTHENTICATED');
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import {
  currentSession,
  logout,
  mySessions,
  revokeSession,
  signInAgain,
  whoIs,
} from './sessions.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
});
afterAll(() => server.stop());

const age = (on: TestServer, person: Person, column: string, interval: string) =>
  on.database.query(`UPDATE sessions SET ${column} = now() + $2::interval WHERE user_id = $1`, [
    person.id,
    interval,
  ]);

describe('me is null and the rest is UNAUTHENTICATED', () => {
  const closed = ['{ mySessions { id } }', '{ currentSession { id } }', '{ roles { name } }'];

  async function isNobody(client: TestServer['client']): Promise<void> {
    expect(await whoIs(client)).toBeUndefined();
    const mutations = [
      'mutation { logout { errors { code } } }',
      'mutation { logoutEverywhere { count } }',
    ];
    for (const document of [...closed, ...mutations]) {
      const { code, data } = await client.graphql<Record<string, unknown>>(document);
      expect(code).toBe('UNAUTHENTICATED');
      expect(Object.values(data).every((value) => value === null)).toBe(true);
    }
  }

  test('without a credential', () => isNobody(server.client));

  test('with a credential that is none', async () => {
    const { token } = await registerPerson(server);
    const flipped = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    const garbage = ['x', 'gh_s_', 'gh_k_' + token.slice(5), token + 'A', token.slice(0, -1)];
    for (const value of [...garbage, flipped, token.toUpperCase(), "' OR 1=1 --"]) {
      expect(await whoIs(server.client.withToken(value))).toBeUndefined();
    }
    for (const authorization of ['', 'Bearer', `Basic ${token}`, token, `Bearer ${token} more`]) {
      expect(await whoIs(server.client.with({ authorization }))).toBeUndefined();
    }
    await isNobody(server.client.withToken(flipped));
  });

  test('with what the database has of a token, its hash', async () => {
    await registerPerson(server);
    const rows = await server.database.query<{ hex: string; text: string }>(
      `SELECT encode(token_hash, 'hex') AS hex, encode(token_hash, 'base64') AS text FROM sessions`,
    );
    for (const { hex, text } of rows) {
      for (const value of [hex, text, `gh_s_${hex}`]) {
        expect(await whoIs(server.client.withToken(value))).toBeUndefined();
      }
    }
  });

  test('after signing out', async () => {
    const { client } = await registerPerson(server);
    await logout(client);
    await isNobody(client);
  });

  test('after the session was revoked from another one', async () => {
    const person = await registerPerson(server);
    const other = await signInAgain(person, server.client);
    const { id } = await currentSession(person.client);
    expect(await revokeSession(other, id)).toEqual([]);
    await isNobody(person.client);
    expect(await whoIs(other)).toBe(person.id);
  });

  test('once the session has expired', async () => {
    const person = await registerPerson(server);
    await age(server, person, 'expires_at', '-1 second');
    await isNobody(person.client);
  });

  test('as soon as the account is inactive', async () => {
    const person = await registerPerson(server);
    await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [person.id]);
    await isNobody(person.client);
  });
});

test('a role taken away is gone with the next request', async () => {
  const person = await registerPerson(server);
  const asAdmin = () => person.client.graphql('{ users { nodes { id } } }');
  await server.database.query(
    `INSERT INTO role_assignments SELECT $1, id, NULL, now() FROM roles WHERE name = 'Admin'`,
    [person.id],
  );
  expect((await asAdmin()).errors).toEqual([]);
  await server.database.query(
    `DELETE FROM role_assignments a USING roles r
     WHERE r.id = a.role_id AND r.name = 'Admin' AND a.user_id = $1`,
    [person.id],
  );
  expect((await asAdmin()).code).toBe('FORBIDDEN');
});

describe('the idle limit', () => {
  test('is off unless it is set', async () => {
    const person = await registerPerson(server);
    await age(server, person, 'last_seen_at', '-59 days');
    expect(await whoIs(person.client)).toBe(person.id);
  });

  test('ends a session that was not used for so long, and no other', async () => {
    const strict = await startTestServer({ SESSION_IDLE_TTL: '2h' });
    const person = await registerPerson(strict);
    await age(strict, person, 'last_seen_at', '-119 minutes');
    expect(await whoIs(person.client)).toBe(person.id); // and this use counts
    await age(strict, person, 'last_seen_at', '-121 minutes');
    expect(await whoIs(person.client)).toBeUndefined();
    const again = await signInAgain(person, strict.client);
    expect(await mySessions(again)).toHaveLength(1);
    await strict.stop();
  });
});

describe('lastSeenAt', () => {
  const agedBy = async (person: Person) => {
    const [row] = await server.database.query<{ seconds: number }>(
      `SELECT extract(epoch FROM now() - last_seen_at)::float8 AS seconds FROM sessions
       WHERE user_id = $1`,
      [person.id],
    );
    return row?.seconds;
  };

  test('is not written within the minute', async () => {
    const person = await registerPerson(server);
    await age(server, person, 'last_seen_at', '-50 seconds');
    const statements = await statementsOf(() => whoIs(person.client));
    expect(statements.filter((statement) => statement.includes('UPDATE'))).toEqual([]);
    expect(await agedBy(person)).toBeGreaterThanOrEqual(50);
  });

  test('is written after a minute, by one of the requests that come at once', async () => {
    const person = await registerPerson(server);
    await server.database.query('CREATE TABLE written (id uuid)');
    await server.database.query(`CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO written VALUES (new.id); RETURN new; END $$`);
    await server.database.query(
      'CREATE TRIGGER note AFTER UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION note()',
    );
    await age(server, person, 'last_seen_at', '-2 minutes');
    await server.database.query('TRUNCATE written');
    await Promise.all(Array.from({ length: 10 }, () => whoIs(person.client)));
    await whoIs(person.client);
    expect(await server.database.query('SELECT FROM written')).toHaveLength(1);
    expect(await agedBy(person)).toBeLessThan(60);
  });
});

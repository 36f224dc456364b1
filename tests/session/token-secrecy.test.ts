import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { cookieLogin, readCookie, setCookieOf } from './cookies.ts';
import { loginCodes, login, logout, whoIs } from './sessions.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ LOG_LEVEL: 'trace' });
});
afterAll(() => server.stop());

/** Every row of every table as text. */
async function everythingStored(): Promise<string> {
  const tables = await server.database.query<{ name: string }>(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  expect(tables.length).toBeGreaterThan(5);
  const rows = await Promise.all(
    tables.map(({ name }) => server.database.query(`SELECT t::text AS row FROM ${name} t`)),
  );
  return JSON.stringify(rows);
}

test('a session token is stored as its SHA-256 only, and never logged', async () => {
  const person = await registerPerson(server);
  const second = await login(server.client, person.email);
  const answer = await cookieLogin(server.client, person.email);
  const tokens = [person.token, second.token ?? '', readCookie(setCookieOf(answer)).value];
  expect(await whoIs(person.client)).toBe(person.id);
  await logout(server.client.withToken(second.token ?? ''));

  const stored = await everythingStored();
  for (const token of tokens) {
    expect(stored).not.toContain(token.slice(5));
    expect(server.logged.join('')).not.toContain(token.slice(5));
  }
  const digest = createHash('sha256').update(person.token).digest();
  expect(
    await server.database.query('SELECT FROM sessions WHERE token_hash = $1', [digest]),
  ).toHaveLength(1);
});

test('no password is stored in clear or logged, right or wrong', async () => {
  const right = 'a password nobody has seen';
  const wrong = 'another that nobody has seen';
  const person = await registerPerson(server, { password: right });
  expect(await loginCodes(server.client, person.email, { password: wrong })).toHaveLength(1);
  // People type passwords into the wrong field.
  expect(await loginCodes(server.client, right, { password: right })).toHaveLength(1);
  const seen = (await everythingStored()) + server.logged.join('');
  expect(seen).not.toContain(right);
  expect(seen).not.toContain(wrong);
});

test('a fault while writing logs neither token, password, hash nor address', async () => {
  const person = await registerPerson(server);
  await server.database.query(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'this table cannot be written'; END $$`);
  for (const table of ['sessions', 'users']) {
    await server.database.query(
      `CREATE TRIGGER fail BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION fail()`,
    );
  }
  const before = server.logged.length;
  const { code, errors } = await server.client.graphql(
    `mutation ($input: RegisterInput!) { register(input: $input) { errors { code } } }`,
    { input: { email: 'secret.person@example.com', password: 'a password to hide' } },
  );
  expect(code).toBe('INTERNAL_SERVER_ERROR');
  const loginAnswer = await cookieLogin(server.client, person.email);
  expect(loginAnswer.code).toBe('INTERNAL_SERVER_ERROR');
  await server.database.query('DROP FUNCTION fail() CASCADE');

  const logged = server.logged.slice(before).join('');
  const requestId = String(errors[0]?.extensions.requestId);
  expect(logged).toContain(requestId);
  expect(logged).toContain('this table cannot be written');
  expect(logged).not.toMatch(/\$2b\$|a password to hide|secret\.person|gh_s_|"type":"Buffer"/);
});

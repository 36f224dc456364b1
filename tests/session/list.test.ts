import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { currentSession, logout, mySessions, signInAgain } from './sessions.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server);
});
afterAll(() => server.stop());

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 ' +
  '(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';

test('my sessions are listed newest first, each with the device it was opened on', async () => {
  const person = await registerPerson(server);
  await signInAgain(person, server.client.with({ 'user-agent': firefox }));
  const phone = await signInAgain(person, server.client.with({ 'user-agent': safari }));
  const sessions = await mySessions(phone);
  expect(sessions.map(({ browser, os, isCurrent }) => [browser, os, isCurrent])).toEqual([
    ['Safari', 'iOS', true],
    ['Firefox', 'Linux', false],
    [null, null, false],
  ]);
  const [first] = sessions;
  expect(first).toMatchObject({ ipAddress: '127.0.0.1', userAgent: safari });
  const times = sessions.map(({ createdAt }) => Date.parse(createdAt));
  expect(times).toEqual(times.toSorted((one, other) => other - one));
  expect(await currentSession(phone)).toEqual(first);
});

test('neither ended nor expired sessions are listed, nor those of others', async () => {
  const person = await registerPerson(server);
  const stranger = await registerPerson(server);
  await logout(await signInAgain(person, server.client));
  const expiring = await currentSession(await signInAgain(person, server.client));
  await server.database.query(
    "UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = $1",
    [expiring.id],
  );
  const sessions = await mySessions(person.client);
  expect(sessions).toEqual([await currentSession(person.client)]);
  const theirs = (await mySessions(stranger.client)).map(({ id }) => id);
  expect(theirs).not.toContain(sessions[0]?.id);
});

test('sessions that idled out are not listed', async () => {
  const strict = await startTestServer({ SESSION_IDLE_TTL: '1h' });
  const person = await registerPerson(strict);
  const idle = await currentSession(await signInAgain(person, strict.client));
  await strict.database.query(
    "UPDATE sessions SET last_seen_at = now() - interval '2 hours' WHERE id = $1",
    [idle.id],
  );
  const listed = await mySessions(person.client);
  await strict.stop();
  expect(listed.map(({ isCurrent }) => isCurrent)).toEqual([true]);
});

test('a user agent of any length and kind is kept as far as 500 characters', async () => {
  const person = await registerPerson(server);
  for (const agent of ['x'.repeat(4000), '<script>alert(1)</script>', "'; --", '%s%n', '()']) {
    const client = await signInAgain(person, server.client.with({ 'user-agent': agent }));
    expect((await currentSession(client)).userAgent).toBe(agent.slice(0, 500));
  }
});

test('the token of a session is never in what is asked about it', async () => {
  const { client, token } = await registerPerson(server);
  const listed = JSON.stringify([await mySessions(client), await currentSession(client)]);
  expect(listed).not.toContain(token.slice(5));
  const { code } = await client.graphql('{ currentSession { token } }');
  expect(code).toBe('GRAPHQL_VALIDATION_FAILED');
});

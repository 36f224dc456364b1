import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditOf } from '../audit/audit.ts';
import { refuseAudit } from '../role/role-operations.ts';
import type { Client } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  newEmail,
  password,
  registerMutation,
  registerPerson,
  type Person,
  type RegisterResult,
} from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { cookieLogin, pairOf } from './cookies.ts';
import { refusedAfter, remember, remembering } from './remembering.ts';
import { loginCodes, signInAgain, whoIs } from './sessions.ts';

let server: TestServer;
let person: Person;
let other: Person;
/** The browser of `person`, who is signed in there. */
let browser: Client;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server);
});
beforeEach(async () => {
  person = await registerPerson(server);
  other = await registerPerson(server);
  browser = await signedInBrowser(server, person);
});
afterAll(() => server.stop());

async function signedInBrowser({ client, url }: TestServer, { email }: Person): Promise<Client> {
  const cookie = pairOf(await cookieLogin(client, email));
  return client.with({ cookie, origin: url });
}

const registerBy = (client: Client, input: Record<string, unknown>) =>
  client.graphql<RegisterResult>(registerMutation, {
    input: { email: newEmail(), password, ...input },
  });

describe('a cookie that is replaced', () => {
  test('by signing in, as whomever, ends the session in it', async () => {
    const again = pairOf(await cookieLogin(browser, person.email));
    expect(await whoIs(browser)).toBeUndefined();
    const mine = browser.with({ cookie: again });
    expect(await whoIs(mine)).toBe(person.id);
    const theirs = browser.with({ cookie: pairOf(await cookieLogin(mine, other.email)) });
    expect([await whoIs(mine), await whoIs(theirs)]).toEqual([undefined, other.id]);
  });

  test('by registering ends it too', async () => {
    const answer = await registerBy(browser, { signIn: true, delivery: 'COOKIE' });
    const made = answer.data.register.user?.id;
    expect(await whoIs(browser)).toBeUndefined();
    expect(await whoIs(browser.with({ cookie: pairOf(answer) }))).toBe(made);
  });

  test('ends no other session, of whomever', async () => {
    const elsewhere = [
      await signedInBrowser(server, person),
      await signedInBrowser(server, other),
      await signInAgain(person, server.client),
      person.client,
    ];
    await cookieLogin(browser, other.email);
    const whose = await Promise.all(elsewhere.map(whoIs));
    expect(whose).toEqual([person.id, other.id, person.id, person.id]);
  });

  test('has its end in the audit log, like a sign-out, by whose it was', async () => {
    await cookieLogin(browser, other.email);
    expect((await auditOf(server.database, person.id)).at(-1)).toMatchObject({
      action: 'session.ended',
      actor_id: person.id,
    });
  });

  test.each(['session.ended', 'session.opened'])(
    'and a new session are one: when %s cannot be recorded there is neither end nor beginning',
    async (action) => {
      await refuseAudit(server.database, action);
      expect((await cookieLogin(browser, other.email)).code).toBe('INTERNAL_SERVER_ERROR');
      expect(await whoIs(browser)).toBe(person.id);
      const sessions = await server.database.query('SELECT FROM sessions WHERE user_id = $1', [
        other.id,
      ]);
      expect(sessions).toHaveLength(1); // the one they registered with
    },
  );

  test('ten times at once has ended, and ten new ones are good', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => cookieLogin(browser, other.email)),
    );
    expect(await whoIs(browser)).toBeUndefined();
    const whose = answers.map((answer) => whoIs(browser.with({ cookie: pairOf(answer) })));
    expect(await Promise.all(whose)).toEqual(answers.map(() => other.id));
    const ended = (await auditOf(server.database, person.id)).filter(
      ({ action }) => action === 'session.ended',
    );
    expect(ended).toHaveLength(1);
  });
});

describe('a session goes on', () => {
  test('when signing in again is refused, or answers with a token', async () => {
    expect(await loginCodes(browser, other.email, { delivery: 'COOKIE', password: 'no' })).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    expect(await loginCodes(browser, other.email, { delivery: 'TOKEN' })).toEqual([]);
    expect(await whoIs(browser)).toBe(person.id);
  });

  test('when registering is refused, or signs nobody in', async () => {
    await registerBy(browser, { signIn: true, delivery: 'COOKIE', email: other.email });
    await registerBy(browser, { signIn: false, delivery: 'COOKIE' });
    expect(await whoIs(browser)).toBe(person.id);
  });

  test('when its token is in the header: so servers sign in others', async () => {
    await cookieLogin(person.client, other.email);
    await cookieLogin(person.client.with({ origin: server.url }), person.email);
    expect(await whoIs(person.client)).toBe(person.id);
  });

  test('when a foreign page tries it', async () => {
    const foreign = browser.with({ origin: 'https://evil.example' });
    expect((await cookieLogin(foreign, other.email)).code).toBe('FORBIDDEN');
    expect(await whoIs(browser)).toBe(person.id);
  });
});

describe('where sessions are remembered', () => {
  let database: TestDatabase;
  let here: TestServer;
  let elsewhere: TestServer;
  beforeAll(async () => {
    database = await createTestDatabase();
    here = await startTestServer(remembering, database);
    elsewhere = await startTestServer(remembering, database);
  });
  afterAll(async () => {
    await here.stop();
    await elsewhere.stop();
    await database.drop();
  });

  test('the replaced one is refused at once here, and soon on every instance', async () => {
    const somebody = await registerPerson(here);
    const page = await signedInBrowser(here, somebody);
    for (const { url } of [here, elsewhere]) await remember(page.at(url));
    await cookieLogin(page, somebody.email);
    expect(await whoIs(page)).toBeUndefined();
    expect(await refusedAfter(page.at(elsewhere.url))).toBeLessThan(2000);
  });
});

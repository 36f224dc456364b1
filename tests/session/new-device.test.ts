import { describe, expect, onTestFinished, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { mailsTo } from '../support/mailbox.ts';
import { login, loginCodes } from './sessions.ts';

async function start(environment: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const server = await startTestServer({ NOTIFY_NEW_DEVICE: 'true', ...environment });
  onTestFinished(() => server.stop());
  await registerPerson(server);
  return server;
}

const chrome =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) ' +
  'Chrome/131.0.0.0 Safari/537.36';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

const signIn = (server: TestServer, person: Person, agent: string) =>
  login(server.client.with({ 'user-agent': agent }), person.email);

/** The recipients of the notices about new devices that were queued for someone. */
const notices = (server: TestServer, { id }: Person) =>
  server.database.query<{ recipient: string; locale: string | null }>(
    "SELECT recipient, locale FROM mails WHERE user_id = $1 AND kind = 'new-device'",
    [id],
  );

describe('with NOTIFY_NEW_DEVICE', () => {
  test('signing in on a device not used before sends a notice that names it', async () => {
    const server = await start();
    const person = await registerPerson(server);
    await server.database.query("UPDATE users SET preferred_locale = 'de' WHERE id = $1", [
      person.id,
    ]);
    await signIn(server, person, chrome);
    expect(await notices(server, person)).toEqual([{ recipient: person.email, locale: 'de' }]);
    const mails = await mailsTo(server, person.email);
    const [mail] = mails.filter(({ text }) => text.includes('Chrome on macOS'));
    expect(mail?.text).toContain('127.0.0.1');
  });

  test('the second time on it sends none, and neither does the device that registered', async () => {
    const server = await start({ RUN_JOBS: 'false' });
    const person = await registerPerson(server);
    await signIn(server, person, 'node'); // what the tests register with
    expect(await notices(server, person)).toHaveLength(0);
    await signIn(server, person, chrome);
    await signIn(server, person, chrome);
    expect(await notices(server, person)).toHaveLength(1);
    await signIn(server, person, firefox);
    expect(await notices(server, person)).toHaveLength(2);
  });

  test('what somebody else uses is not known, and a wrong password makes nothing known', async () => {
    const server = await start({ RUN_JOBS: 'false' });
    const other = await registerPerson(server);
    await signIn(server, other, chrome);
    const person = await registerPerson(server);
    const client = server.client.with({ 'user-agent': chrome });
    expect(await loginCodes(client, person.email, { password: 'wrong' })).toHaveLength(1);
    expect(await notices(server, person)).toHaveLength(0);
    await signIn(server, person, chrome);
    expect(await notices(server, person)).toHaveLength(1);
  });

  test('of 10 sign-ins at once on a new device one sends a notice', async () => {
    const server = await start({ RUN_JOBS: 'false' });
    const person = await registerPerson(server);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => signIn(server, person, chrome)),
    );
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(await notices(server, person)).toHaveLength(1);
  });

  test('a sign-in that is rolled back sends none', async () => {
    const server = await start({ RUN_JOBS: 'false' });
    const person = await registerPerson(server);
    await server.database.query(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'no sessions today'; END $$`);
    await server.database.query(
      'CREATE TRIGGER fail BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION fail()',
    );
    const client = server.client.with({ 'user-agent': chrome });
    const { code } = await client.graphql(
      `mutation { login(input: { email: "${person.email}", password: "correct horse battery" })
        { token } }`,
    );
    expect(code).toBe('INTERNAL_SERVER_ERROR');
    expect(await notices(server, person)).toHaveLength(0);
  });

  test('a device without a name is called unknown, and never by words of its own', async () => {
    const server = await start();
    const person = await registerPerson(server);
    await signIn(server, person, 'You are hacked, visit https://evil.example/now (please) x');
    const mails = await mailsTo(server, person.email);
    expect(mails.some(({ text }) => text.includes('unknown device'))).toBe(true);
    expect(JSON.stringify(mails)).not.toContain('evil.example');
  });

  test('sessions that servers open count, as far as they name a user agent', async () => {
    const server = await start({ RUN_JOBS: 'false' });
    const { client } = await makeKey(server, 'SESSIONS_WRITE');
    const person = await registerPerson(server);
    const create = (device: string) =>
      client.graphql(`mutation { createSession(userId: "${person.id}"${device}) { token } }`);
    await create('');
    expect(await notices(server, person)).toHaveLength(0);
    await create(`, userAgent: "${chrome}"`);
    expect(await notices(server, person)).toHaveLength(1);
    await signIn(server, person, chrome);
    expect(await notices(server, person)).toHaveLength(1);
  });
});

test('without it none is sent, and signing in costs no statement more', async () => {
  const costs: number[] = [];
  for (const on of ['false', 'true']) {
    const server = await start({ NOTIFY_NEW_DEVICE: on, RUN_JOBS: 'false' });
    const person = await registerPerson(server);
    await signIn(server, person, chrome);
    costs.push((await statementsOf(() => signIn(server, person, chrome))).length);
    expect(await notices(server, person)).toHaveLength(on === 'true' ? 1 : 0);
  }
  const [off = 0, on = 0] = costs;
  expect(on - off).toBe(1);
  // The account; a transaction of stamp, session and audit.
  expect(off).toBe(6);
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditOf } from '../audit/audit.ts';
import { mailsTo } from '../support/mailbox.ts';
import { newEmail, registerPerson, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { findReset, mailedToken, newPassword, requestReset, reset } from './resets.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ LOG_LEVEL: 'trace' });
  await registerPerson(server);
});
afterAll(() => server.stop());

/** The mails of a kind to an address: what was to be sent, sent or not. */
function mailsOf(email: string, kind = 'reset-password') {
  return server.database.query<{ user_id: string; recipient: string; locale: string | null }>(
    'SELECT user_id, recipient, locale FROM mails WHERE recipient = $1 AND kind = $2',
    [email, kind],
  );
}

function tokensOf(person: Person) {
  return server.database.query<{ token_hash: Buffer; minutes: number; sent_to: string }>(
    `SELECT token_hash, sent_to, extract(epoch FROM expires_at - created_at)::int / 60 AS minutes
     FROM one_time_tokens WHERE user_id = $1 AND context = 'reset_password'`,
    [person.id],
  );
}

test('delivers the instructions to reset the password to the user', async () => {
  const person = await registerPerson(server);
  expect(await requestReset(server.client, person.email)).toEqual([]);
  const [mail] = await mailsTo(server, person.email);
  const link = `${server.url}/reset-password?token=`;
  expect(mail?.links.find((one) => one.startsWith(link))).toBe(link + (mail?.token ?? ''));
  expect(await mailsOf(person.email)).toEqual([
    { user_id: person.id, recipient: person.email, locale: null },
  ]);
  expect(await findReset(server.client, mail?.token ?? '')).not.toBeNull();
});

test('issues a token for an hour, of which the database has the SHA-256 only', async () => {
  const person = await registerPerson(server);
  const token = await mailedToken(server, person.email);
  expect(await tokensOf(person)).toEqual([
    {
      token_hash: createHash('sha256').update(token).digest(),
      sent_to: person.email,
      minutes: 60,
    },
  ]);
  const tables = ['one_time_tokens', 'mails', 'audit_events', 'graphile_worker._private_jobs'];
  for (const table of tables) {
    const rows = await server.database.query(`SELECT t::text AS row FROM ${table} t`);
    expect(JSON.stringify(rows)).not.toContain(token);
  }
  expect(server.logged.join('')).not.toContain(token);
});

test('is recorded with the client who asked, and without the token', async () => {
  const person = await registerPerson(server);
  const client = server.client.with({ 'user-agent': 'Browser of a stranger' });
  await requestReset(client, person.email);
  await mailsTo(server, person.email);
  expect((await auditOf(server.database, person.id)).at(-1)).toEqual({
    action: 'password.reset_requested',
    actor_type: 'anonymous',
    actor_id: null,
    address: '127.0.0.1',
    user_agent: 'Browser of a stranger',
    metadata: {},
  });
});

test('writes to the address as it is stored, however it was typed, in their language', async () => {
  const person = await registerPerson(server, { email: 'Zoë.Smith@Example.com' });
  await server.database.query('UPDATE users SET preferred_locale = $2 WHERE id = $1', [
    person.id,
    'fr-CA',
  ]);
  await requestReset(server.client, '  ZOE\u0308.smith@example.COM\n');
  await mailsTo(server, person.email);
  expect(await mailsOf(person.email)).toEqual([
    { user_id: person.id, recipient: 'Zoë.Smith@Example.com', locale: 'fr-CA' },
  ]);
});

test('a new link makes the older one worthless', async () => {
  const person = await registerPerson(server);
  const older = await mailedToken(server, person.email);
  const newer = await mailedToken(server, person.email);
  expect(await findReset(server.client, older)).toBeNull();
  expect((await reset(server.client, older)).errors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  expect((await reset(server.client, newer)).errors).toEqual([]);
});

test('an address that is not confirmed yet gets its link, too', async () => {
  const person = await registerUnconfirmed(server);
  expect(await findReset(server.client, await mailedToken(server, person.email))).not.toBeNull();
});

test('nothing is sent, issued or recorded for an unknown address or an inactive user', async () => {
  const inactive = await registerPerson(server);
  await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [inactive.id]);
  const unknown = newEmail();
  const events = await server.database.query('SELECT FROM audit_events');
  for (const email of [inactive.email, unknown]) {
    expect(await requestReset(server.client, email)).toEqual([]);
    await mailsTo(server, email);
    expect(await mailsOf(email)).toEqual([]);
  }
  expect(await tokensOf(inactive)).toEqual([]);
  expect(await server.database.query('SELECT FROM audit_events')).toHaveLength(events.length);
});

test.each([
  ['an empty address', '', ['email REQUIRED']],
  ['a blank one', ' \t\n', ['email REQUIRED']],
  ['one without @', 'nobody.example.com', ['email INVALID']],
  ['one with two @', 'a@b@example.com', ['email INVALID']],
  ['one with a space', 'some one@example.com', ['email INVALID']],
  ['one with NUL', 'some\0one@example.com', ['email INVALID', 'email INVALID']],
  ['one of 161 characters', `${'a'.repeat(149)}@example.com`, ['email TOO_LONG']],
])('%s is refused, and no job is left behind', async (_, email, refusals) => {
  const told = await requestReset(server.client, email);
  expect([...new Set(told)]).toEqual([...new Set(refusals)]);
  expect(
    await server.database.query(
      `SELECT FROM graphile_worker.jobs WHERE task_identifier = 'answer-reset-request'`,
    ),
  ).toEqual([]);
});

test('who is signed in may ask like anybody', async () => {
  const person = await registerPerson(server);
  expect(await requestReset(person.client, person.email)).toEqual([]);
  const token = (await mailsTo(server, person.email))[0]?.token ?? '';
  expect((await reset(person.client, token, newPassword)).errors).toEqual([]);
});

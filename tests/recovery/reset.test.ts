import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { auditOf, breakAudit, mendAudit } from '../audit/audit.ts';
import { mailsTo } from '../support/mailbox.ts';
import { password, registerPerson, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { loginCodes, signInAgain, whoIs } from '../session/sessions.ts';
import {
  arrangeToken,
  findReset,
  mailedToken,
  newPassword,
  reset,
  resetMutation,
  stateOf,
  told,
} from './resets.ts';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer({ LOG_LEVEL: 'trace' });
  await registerPerson(server);
});
beforeEach(async () => {
  person = await registerPerson(server);
});
afterAll(() => server.stop());

test('resets the password of the user, who signs in with the new one only', async () => {
  const token = await mailedToken(server, person.email);
  const { user, errors } = await reset(server.client, token, newPassword, newPassword);
  expect(errors).toEqual([]);
  expect(user).toMatchObject({ id: person.id, email: person.email });
  expect(await loginCodes(server.client, person.email)).toEqual(['INVALID_CREDENTIALS']);
  expect(await loginCodes(server.client, person.email, { password: newPassword })).toEqual([]);
});

test('refuses a new password that is too short and not the same again, and keeps the token', async () => {
  const token = await mailedToken(server, person.email);
  const before = await stateOf(server, person);
  const { user, errors } = await reset(server.client, token, 'valid', 'not the same');
  expect([user, told(errors)]).toEqual([
    null,
    ['password TOO_SHORT', 'passwordConfirmation MISMATCH'],
  ]);
  expect(await stateOf(server, person)).toEqual(before);
  expect((await reset(server.client, token)).errors).toEqual([]);
});

const refused: readonly (readonly [string, (person: Person) => string, string])[] = [
  ['blank', () => '   ', 'password REQUIRED'],
  ['the current one', () => password, 'password UNCHANGED'],
  ['the address', ({ email }) => email.toUpperCase(), 'password INVALID'],
  ['one everybody tries', () => 'iloveyou1', 'password TOO_COMMON'],
  ['the name of this place', () => 'Gatehouse1!', 'password TOO_COMMON'],
  ['of 73 bytes', () => 'ü'.repeat(36) + 'x', 'password TOO_LONG'],
  ['of 100,000 characters', () => 'x'.repeat(100_000), 'password TOO_LONG'],
  ['one with NUL', () => 'correct\0horse', 'password INVALID'],
];

test.each(refused)(
  'a new password that is %s is refused, and the link is still good',
  async (_, choose, refusal) => {
    const token = await mailedToken(server, person.email);
    const before = await stateOf(server, person);
    const { user, errors } = await reset(server.client, token, choose(person));
    expect([user, told(errors)]).toEqual([null, [refusal]]);
    expect(await stateOf(server, person)).toEqual(before);
    expect(await findReset(server.client, token)).not.toBeNull();
    expect(await whoIs(person.client)).toBe(person.id);
  },
);

test('the username for a password is refused', async () => {
  const { email } = await registerPerson(server, { username: 'night_heron' });
  const token = await mailedToken(server, email);
  const { errors } = await reset(server.client, token, 'Night_Heron');
  expect(told(errors)).toEqual(['password INVALID']);
});

test('every violation is told at once, that it is the current one among them', async () => {
  const token = await mailedToken(server, person.email);
  const { errors } = await reset(server.client, token, password, 'another');
  expect(told(errors)).toEqual(['password UNCHANGED', 'passwordConfirmation MISMATCH']);
});

test('ends every session and every mailed token of the user, and of nobody else', async () => {
  const other = await registerPerson(server);
  const sessions = [person.client, await signInAgain(person, server.client)];
  await arrangeToken(server, person, 'confirm');
  await arrangeToken(server, person, 'change_email');
  await arrangeToken(server, other, 'confirm');
  const token = await mailedToken(server, person.email);
  expect((await reset(server.client, token)).errors).toEqual([]);
  for (const session of sessions) expect(await whoIs(session)).toBeUndefined();
  expect(await stateOf(server, person)).toMatchObject({ sessions: 0, tokens: null });
  expect(await whoIs(other.client)).toBe(other.id);
  expect(await stateOf(server, other)).toMatchObject({ sessions: 1, tokens: ['confirm'] });
});

test('every session is refused at once on every other server, too', async () => {
  const elsewhere = await startTestServer({}, server.database);
  const there = elsewhere.client.withToken(person.token);
  expect(await whoIs(there)).toBe(person.id);
  const token = await mailedToken(server, person.email);
  expect((await reset(server.client, token)).errors).toEqual([]);
  const left = await whoIs(there);
  await elsewhere.stop();
  expect(left).toBeUndefined();
});

test('confirms an address that was not confirmed, and leaves one that was', async () => {
  const unconfirmed = await registerUnconfirmed(server);
  const { user } = await reset(server.client, await mailedToken(server, unconfirmed.email));
  expect(Date.now() - Date.parse(user?.confirmedAt ?? '')).toBeLessThan(60_000);

  await server.database.query(
    `UPDATE users SET confirmed_at = '2024-02-29T12:00:00Z' WHERE id = $1`,
    [person.id],
  );
  const confirmed = await reset(server.client, await mailedToken(server, person.email));
  expect(confirmed.user?.confirmedAt).toBe('2024-02-29T12:00:00.000Z');
  const actions = async ({ id }: Person) =>
    (await auditOf(server.database, id)).map(({ action }) => action);
  expect(await actions(unconfirmed)).toContain('email.confirmed');
  expect(await actions(person)).not.toContain('email.confirmed');
});

test('sends a notice to the user', async () => {
  const token = await mailedToken(server, person.email);
  const before = await mailsTo(server, person.email);
  await reset(server.client, token);
  expect(await mailsTo(server, person.email)).toHaveLength(before.length + 1);
  const sql = `SELECT recipient, state FROM mails WHERE user_id = $1 AND kind = 'password-changed'`;
  expect(await server.database.query(sql, [person.id])).toEqual([
    { recipient: person.email, state: 'sent' },
  ]);
});

test('is recorded, with how many sessions ended and without secrets', async () => {
  await signInAgain(person, server.client);
  const token = await mailedToken(server, person.email);
  await reset(server.client, token, newPassword);
  const entries = await auditOf(server.database, person.id);
  expect(entries.at(-1)).toMatchObject({
    action: 'password.reset',
    actor_type: 'anonymous',
    address: '127.0.0.1',
    metadata: { sessionsEnded: 2 },
  });
  const rows = await server.database.query(
    'SELECT (SELECT json_agg(a) FROM audit_events a), (SELECT json_agg(u) FROM users u)',
  );
  const seen = JSON.stringify(rows) + server.logged.join('');
  expect(seen).not.toContain(newPassword);
  expect(seen).not.toContain(token);
});

test('what cannot be recorded is not done: the old password and the link are still good', async () => {
  const token = await mailedToken(server, person.email);
  const before = await stateOf(server, person);
  await breakAudit(server.database);
  const variables = { token, password: newPassword };
  const { code } = await server.client.graphql(resetMutation, variables);
  await mendAudit(server.database);
  expect(code).toBe('INTERNAL_SERVER_ERROR');
  expect(await stateOf(server, person)).toEqual(before);
  expect((await reset(server.client, token)).errors).toEqual([]);
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditOf, breakAudit, mendAudit } from '../audit/audit.ts';
import { mailsTo } from '../support/mailbox.ts';
import { password, registerPerson, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { arrangeToken, stateOf, told } from '../recovery/resets.ts';
import { cookieLogin, pairOf, readCookie } from '../session/cookies.ts';
import { loginCodes, mySessions, signInAgain, whoIs } from '../session/sessions.ts';
import { change, changeMutation, newPassword, validate } from './changing.ts';

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

test('updates the password by the valid current one; only the new one signs in', async () => {
  const again = { passwordConfirmation: newPassword };
  const { user, errors } = await change(person.client, again);
  expect([user, errors]).toEqual([{ id: person.id, email: person.email }, []]);
  expect(await loginCodes(server.client, person.email)).toEqual(['INVALID_CREDENTIALS']);
  expect(await loginCodes(server.client, person.email, { password: newPassword })).toEqual([]);
});

test('an invalid current password updates nothing', async () => {
  const before = await stateOf(server, person);
  for (const currentPassword of ['', 'invalid password', password.toUpperCase(), `${password}\0`]) {
    const { user, token, errors, cookies } = await change(person.client, { currentPassword });
    expect([user, token, cookies]).toEqual([null, null, []]);
    expect(told(errors)).toEqual(['input.currentPassword INVALID_CREDENTIALS']);
  }
  expect(await stateOf(server, person)).toEqual(before);
  expect(await whoIs(person.client)).toBe(person.id);
});

const refused: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
  ['a blank one', { password: ' ' }, ['input.password REQUIRED']],
  ['a short one', { password: 'valid' }, ['input.password TOO_SHORT']],
  ['one of 73 characters', { password: 'xyz '.repeat(18) + '1' }, ['input.password TOO_LONG']],
  ['one with NUL', { password: 'correct\0horse' }, ['input.password INVALID']],
  ['one everybody tries', { password: 'iloveyou1' }, ['input.password TOO_COMMON']],
  ['the name of this place', { password: 'Gatehouse1!' }, ['input.password TOO_COMMON']],
  ['the current one', { password }, ['input.password UNCHANGED']],
  [
    'one that is not the same again',
    { passwordConfirmation: 'not the same' },
    ['input.passwordConfirmation MISMATCH'],
  ],
  [
    'all that can be wrong at once',
    { currentPassword: 'wrong', password: 'valid', passwordConfirmation: 'not the same' },
    [
      'input.currentPassword INVALID_CREDENTIALS',
      'input.password TOO_SHORT',
      'input.passwordConfirmation MISMATCH',
    ],
  ],
];

describe('a new password', () => {
  test.each(refused)('%s is refused, and validatePassword says the same', async (_, input, all) => {
    const before = await stateOf(server, person);
    const { user, errors } = await change(person.client, input);
    expect([user, told(errors)]).toEqual([null, all]);
    expect(await validate(person.client, input)).toEqual({ valid: false, errors });
    expect(await stateOf(server, person)).toEqual(before);
  });

  test('that is the address or the username is refused', async () => {
    const owl = await registerPerson(server, { username: 'night_owl', email: 'owl@example.com' });
    for (const chosen of ['OWL@example.com', 'Night_Owl']) {
      const { errors } = await change(owl.client, { password: chosen });
      expect(told(errors)).toEqual(['input.password INVALID']);
    }
  });

  test('is the current one in whatever way its letters were typed', async () => {
    const cafe = await registerPerson(server, { password: 'Café crème' });
    const typed = { currentPassword: 'Café crème', password: 'Cafe\u0301 cre\u0300me' };
    expect(told((await change(cafe.client, typed)).errors)).toEqual(['input.password UNCHANGED']);
  });

  test('is not held against the stored one while the current one is wrong', async () => {
    const guess = { currentPassword: 'wrong', password };
    expect(told((await change(person.client, guess)).errors)).toEqual([
      'input.currentPassword INVALID_CREDENTIALS',
    ]);
  });
});

test('validatePassword finds nothing wrong with a good one, and changes nothing', async () => {
  const before = await stateOf(server, person);
  expect(await validate(person.client)).toEqual({ valid: true, errors: [] });
  expect(await stateOf(server, person)).toEqual(before);
});

test('the caller gets a fresh session; all others and every mailed token end', async () => {
  const others = [person.client, await signInAgain(person, server.client)];
  await arrangeToken(server, person, 'confirm');
  await arrangeToken(server, person, 'reset_password');
  await arrangeToken(server, person, 'change_email');
  const { token, expiresAt, cookies } = await change(person.client);
  for (const other of others) expect(await whoIs(other)).toBeUndefined();
  const fresh = server.client.withToken(token ?? '');
  expect(await mySessions(fresh)).toMatchObject([{ isCurrent: true, expiresAt }]);
  expect(cookies).toEqual([]);
  expect((await stateOf(server, person))?.tokens).toBeNull();
});

test('every other session is refused at once on every other server, too', async () => {
  const elsewhere = await startTestServer({}, server.database);
  const second = await signInAgain(person, elsewhere.client);
  expect(await whoIs(second)).toBe(person.id);
  const { token } = await change(person.client);
  const left = [
    await whoIs(second),
    await whoIs(elsewhere.client.withToken(person.token)),
    await whoIs(elsewhere.client.withToken(token ?? '')),
  ];
  await elsewhere.stop();
  expect(left).toEqual([undefined, undefined, person.id]);
});

test('who came by cookie gets the fresh session by cookie, for as long as they say', async () => {
  const page = server.client.with({ origin: server.url });
  const signedIn = await cookieLogin(page, person.email);
  const byCookie = page.with({ cookie: pairOf(signedIn) });
  const first = await change(byCookie);
  expect([first.token, first.errors]).toEqual([null, []]);
  const cookie = readCookie(first.cookies[0] ?? '');
  expect(cookie.attributes.join()).toContain('Expires=');
  expect(await whoIs(byCookie)).toBeUndefined();
  const fresh = page.with({ cookie: `${cookie.name}=${cookie.value}` });
  expect(await whoIs(fresh)).toBe(person.id);

  const back = { currentPassword: newPassword, password: 'yet another one', remember: false };
  const second = await change(fresh, back);
  expect(readCookie(second.cookies[0] ?? '').attributes.join()).not.toContain('Expires=');
});

test('a page of someone else cannot change it by the cookie', async () => {
  const signedIn = await cookieLogin(server.client.with({ origin: server.url }), person.email);
  const foreign = { cookie: pairOf(signedIn), origin: 'https://evil.example' };
  const input = { currentPassword: password, password: newPassword };
  const { code } = await server.client.with(foreign).graphql(changeMutation, { input });
  expect(code).toBe('FORBIDDEN');
  expect(await loginCodes(server.client, person.email)).toEqual([]);
});

test('sends a notice to the user', async () => {
  const before = await mailsTo(server, person.email);
  await change(person.client);
  expect(await mailsTo(server, person.email)).toHaveLength(before.length + 1);
  const sql = `SELECT recipient, state FROM mails WHERE user_id = $1 AND kind = 'password-changed'`;
  expect(await server.database.query(sql, [person.id])).toEqual([
    { recipient: person.email, state: 'sent' },
  ]);
});

test('is recorded, with how many sessions ended and without secrets', async () => {
  await signInAgain(person, server.client);
  const { token } = await change(person.client, { passwordConfirmation: newPassword });
  await change(server.client.withToken(token ?? ''), { password: 'another new one' });
  const entries = await auditOf(server.database, person.id);
  const found = entries.find(({ action }) => action === 'password.changed');
  expect(found).toMatchObject({
    actor_type: 'user',
    actor_id: person.id,
    address: '127.0.0.1',
    metadata: { sessionsEnded: 2 },
  });
  const rows = await server.database.query(
    'SELECT (SELECT json_agg(a) FROM audit_events a), (SELECT json_agg(u) FROM users u)',
  );
  const seen = JSON.stringify(rows) + server.logged.join('');
  for (const secret of [password, newPassword, 'another new one', token?.slice(5)]) {
    expect(seen).not.toContain(secret);
  }
});

test('what cannot be recorded is not done', async () => {
  const before = await stateOf(server, person);
  await breakAudit(server.database);
  const input = { currentPassword: password, password: newPassword };
  const answer = await person.client.graphql(changeMutation, { input });
  await mendAudit(server.database);
  expect(answer.code).toBe('INTERNAL_SERVER_ERROR');
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(await stateOf(server, person)).toEqual(before);
  expect(await whoIs(person.client)).toBe(person.id);
});

test('is for signed-in users with a confirmed address', async () => {
  const unconfirmed = await registerUnconfirmed(server);
  const input = { currentPassword: password, password: newPassword };
  const query =
    'query ($input: ChangePasswordInput!) { validatePassword(input: $input) { valid } }';
  for (const document of [changeMutation, query]) {
    expect((await server.client.graphql(document, { input })).code).toBe('UNAUTHENTICATED');
    const { code } = await unconfirmed.client.graphql(document, { input });
    expect(code).toBe('EMAIL_NOT_CONFIRMED');
  }
});

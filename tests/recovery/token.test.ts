import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { loginCodes } from '../session/sessions.ts';
import { arrangeToken, findReset, mailedToken, newPassword, reset, stateOf } from './resets.ts';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server);
});
beforeEach(async () => {
  person = await registerPerson(server);
});
afterAll(() => server.stop());

const change = (sql: string) => server.database.query(sql, [person.id]);

test('gets who a valid token is for, masked, and until when, as often as asked', async () => {
  const token = await mailedToken(server, person.email);
  const found = await findReset(server.client, token);
  expect(found?.maskedEmail).toBe('p•••@e•••.com');
  const minutes = (Date.parse(found?.expiresAt ?? '') - Date.now()) / 60_000;
  expect(minutes).toBeGreaterThan(58);
  expect(minutes).toBeLessThanOrEqual(60.1);
  expect(await findReset(server.client, ` ${token}\n`)).toEqual(found);
  expect((await reset(server.client, token)).errors).toEqual([]);
});

test.each([
  ['another text', 'invalidtoken'],
  ['none', ''],
  ['64 characters of another kind', 'ü'.repeat(64)],
  ['a token nobody was mailed', 'A'.repeat(64)],
  ['NUL', '\0'],
  ['100,000 characters', 'x'.repeat(100_000)],
])('gets nothing for an invalid token, such as %s, and resets nothing by it', async (_, token) => {
  expect(await findReset(server.client, token)).toBeNull();
  expect(await reset(server.client, token)).toMatchObject({
    user: null,
    errors: [{ code: 'INVALID_TOKEN', field: 'token' }],
  });
});

const deaths: readonly (readonly [what: string, happen: (token: string) => Promise<unknown>])[] = [
  [
    'is over an hour old',
    () =>
      change(
        `UPDATE one_time_tokens SET created_at = created_at - interval '61 minutes',
           expires_at = expires_at - interval '61 minutes' WHERE user_id = $1`,
      ),
  ],
  ['was used', (token) => reset(server.client, token)],
  ['was followed by a newer one', () => mailedToken(server, person.email)],
  [
    'is of a user whose address has changed since',
    () => change(`UPDATE users SET email = 'moved.' || email WHERE id = $1`),
  ],
  [
    'is of a user who was deactivated',
    () => change('UPDATE users SET is_active = false WHERE id = $1'),
  ],
];

test.each(deaths)('a token that %s is worth nothing', async (_, happen) => {
  const token = await mailedToken(server, person.email);
  await happen(token);
  const before = await stateOf(server, person);
  expect(await findReset(server.client, token)).toBeNull();
  expect(await reset(server.client, token, 'yet another password')).toMatchObject({
    user: null,
    errors: [{ code: 'INVALID_TOKEN', field: 'token' }],
  });
  expect(await stateOf(server, person)).toEqual(before);
});

test('an address that only changed its case keeps its token', async () => {
  const token = await mailedToken(server, person.email);
  await change('UPDATE users SET email = upper(email) WHERE id = $1');
  expect((await reset(server.client, token)).errors).toEqual([]);
});

test.each(['confirm', 'change_email'])('a token meant to %s resets nothing', async (context) => {
  const token = await arrangeToken(server, person, context);
  expect(await findReset(server.client, token)).toBeNull();
  expect((await reset(server.client, token)).errors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  expect((await stateOf(server, person))?.tokens).toContain(context);
  expect(await loginCodes(server.client, person.email)).toEqual([]);
});

test('with a token that is worth nothing nobody is told anything about the password', async () => {
  for (const password of ['short', person.email, newPassword]) {
    const { errors } = await reset(server.client, 'A'.repeat(64), password, 'another');
    expect(errors.map(({ code }) => code)).toEqual(['INVALID_TOKEN']);
  }
});

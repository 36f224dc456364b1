import bcryptjs from 'bcryptjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { passed, startLimited, times } from '../rate-limit/limited-servers.ts';
import { told } from '../recovery/resets.ts';
import { loginCodes, whoIs } from '../session/sessions.ts';
import { commitDuring } from '../support/locks.ts';
import { password, registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { change, changeMutation, newPassword, type ChangeResult } from './changing.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server);
});
afterAll(() => server.stop());

test('of 10 simultaneous changes by the same current password one wins', async () => {
  const person = await registerPerson(server);
  const passwords = Array.from({ length: 10 }, (_, index) => `a new password, the ${index}th`);
  const answers = await Promise.all(
    passwords.map((wanted) =>
      person.client.graphql<ChangeResult>(changeMutation, {
        input: { currentPassword: password, password: wanted },
      }),
    ),
  );
  // Who comes late finds the session gone, or the password another one.
  const outcomes = answers.map(({ code, data }) => {
    const errors = code === undefined ? told(data.changePassword.errors) : [code];
    return errors.join() || 'changed';
  });
  expect(outcomes.filter((outcome) => outcome === 'changed')).toHaveLength(1);
  const refusals = ['changed', 'UNAUTHENTICATED', 'input.currentPassword INVALID_CREDENTIALS'];
  for (const outcome of outcomes) expect(refusals).toContain(outcome);

  const winner = outcomes.indexOf('changed');
  const token = answers[winner]?.data.changePassword.token ?? '';
  expect(await whoIs(server.client.withToken(token))).toBe(person.id);
  const signIn = { password: passwords[winner] };
  expect(await loginCodes(server.client, person.email, signIn)).toEqual([]);
});

test('a password replaced while the old one is verified makes the old one wrong', async () => {
  const person = await registerPerson(server);
  const sql = 'UPDATE users SET password_hash = $2 WHERE id = $1';
  const values = [person.id, bcryptjs.hashSync('an entirely other one', 4)];
  const { user, errors } = await commitDuring(server.database, { sql, values }, () =>
    change(person.client),
  );
  expect([user, told(errors)]).toEqual([null, ['input.currentPassword INVALID_CREDENTIALS']]);
  expect(await whoIs(person.client)).toBe(person.id);
});

test('the same password hashed anew in that moment refuses nobody', async () => {
  const person = await registerPerson(server);
  const sql = 'UPDATE users SET password_hash = $2 WHERE id = $1';
  const values = [person.id, bcryptjs.hashSync(password, 4)];
  const { errors } = await commitDuring(server.database, { sql, values }, () =>
    change(person.client),
  );
  expect(errors).toEqual([]);
  expect(await loginCodes(server.client, person.email, { password: newPassword })).toEqual([]);
});

test('a user who is deactivated in that moment changes nothing', async () => {
  const person = await registerPerson(server);
  const sql = 'UPDATE users SET is_active = false WHERE id = $1';
  const input = { currentPassword: password, password: newPassword };
  const { code } = await commitDuring(server.database, { sql, values: [person.id] }, () =>
    person.client.graphql(changeMutation, { input }),
  );
  expect(code).toBe('UNAUTHENTICATED');
  expect(await loginCodes(server.client, person.email)).toEqual(['ACCOUNT_INACTIVE']);
});

test('5 guesses a minute pass for each user, by changing or by validating', async () => {
  const { server: limited } = await startLimited('PostgreSQL');
  const [one, other] = [await registerPerson(limited), await registerPerson(limited)];
  const query =
    'query ($input: ChangePasswordInput!) { validatePassword(input: $input) { valid } }';
  for (const { client } of [one, other]) {
    const answers = await times(12, (index) =>
      client.graphql(index % 2 === 0 ? changeMutation : query, {
        input: { currentPassword: `guess ${index}`, password: newPassword },
      }),
    );
    expect(passed(answers, 'PASSWORD_USER')).toBe(5);
  }
});

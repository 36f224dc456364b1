import { afterAll, beforeAll, expect, test } from 'vitest';
import { commitDuring } from '../support/locks.ts';
import { password, registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { changeMutation } from '../password/changing.ts';
import { loginCodes } from '../session/sessions.ts';
import { mailedToken, reset, resetMutation, stateOf, told } from './resets.ts';

let server: TestServer;
let elsewhere: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  elsewhere = await startTestServer({}, server.database);
  await registerPerson(server);
});
afterAll(async () => {
  await elsewhere.stop();
  await server.stop();
});

test('of 20 simultaneous resets by one token, on two servers, one wins', async () => {
  const person = await registerPerson(server);
  const token = await mailedToken(server, person.email);
  const passwords = Array.from({ length: 20 }, (_, index) => `a new password, the ${index}th`);
  const outcomes = await Promise.all(
    passwords.map((wanted, index) =>
      reset((index % 2 === 0 ? server : elsewhere).client, token, wanted),
    ),
  );
  const winners = outcomes.flatMap(({ user }, index) => (user === null ? [] : [index]));
  expect(winners).toHaveLength(1);
  const losers = outcomes.filter(({ user }) => user === null);
  for (const { errors } of losers) expect(told(errors)).toEqual(['token INVALID_TOKEN']);
  for (const [index, wanted] of passwords.entries()) {
    const codes = await loginCodes(server.client, person.email, { password: wanted });
    expect(codes).toEqual(winners.includes(index) ? [] : ['INVALID_CREDENTIALS']);
  }
  expect(
    await server.database.query(
      `SELECT FROM audit_events WHERE subject_id = $1 AND action = 'password.reset'`,
      [person.id],
    ),
  ).toHaveLength(1);
});

test('resets and changes of one password at once are no fault, and one wins', async () => {
  for (let round = 0; round < 5; round += 1) {
    const person = await registerPerson(server);
    const token = await mailedToken(server, person.email);
    const outcomes = await Promise.all([
      ...Array.from({ length: 5 }, async (_, index) => {
        const wanted = { token, password: `a reset password ${index}` };
        return (await server.client.graphql<object>(resetMutation, wanted)).data;
      }),
      ...Array.from({ length: 5 }, async (_, index) => {
        const input = { currentPassword: password, password: `a changed password ${index}` };
        const answer = await person.client.graphql<object>(changeMutation, { input });
        // By the time it is heard, the session may have ended with the old password.
        expect([undefined, 'UNAUTHENTICATED']).toContain(answer.code);
        return answer.data;
      }),
    ]);
    const won = outcomes.filter((data) => JSON.stringify(data).includes('"errors":[]'));
    expect(won).toHaveLength(1);
    expect((await stateOf(server, person))?.tokens).toBeNull();
  }
});

test('a user who is deactivated while the token is redeemed keeps the old password', async () => {
  const person = await registerPerson(server);
  const token = await mailedToken(server, person.email);
  const sql = 'UPDATE users SET is_active = false WHERE id = $1';
  const { errors } = await commitDuring(server.database, { sql, values: [person.id] }, () =>
    reset(server.client, token),
  );
  expect(told(errors)).toEqual(['token INVALID_TOKEN']);
  expect(await loginCodes(server.client, person.email)).toEqual(['ACCOUNT_INACTIVE']);
});

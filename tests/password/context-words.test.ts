import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUser, refusals } from '../administration/accounts.ts';
import { runCommand } from '../command-line/commands.ts';
import { register, told, validate } from '../registration/registering.ts';
import { loginCodes } from '../session/sessions.ts';
import { registerPerson } from '../support/people.ts';
import { startIssuer } from '../access-token/access-tokens.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const named = {
  APP_NAME: 'Blue Heron',
  APP_URL: 'https://id.login.river-bank.example',
  MAIL_FROM: 'Otter Post <post@mail.marshland.example>',
};

let server: TestServer;
beforeAll(async () => {
  server = await startIssuer(named);
});
afterAll(() => server.stop());

describe('a password whose letters are', () => {
  test.each([
    ['the name of the product', 'Gatehouse'],
    ['the same with digits and signs behind it', 'Gatehouse1!'],
    ['the same with digits and signs all around and within', '2026_gate-HOUSE_2026'],
    ['the name of the application', 'Blue Heron'],
    ['the same without its space', 'BlueHeron99'],
    ['a word of that name', 'heron_1234'],
    ['the public host', 'id.login.river-bank.example'],
    ['a label of the host', '!RiverBank!'],
    ['a word of a label', 'river2026'],
    ['the name of who sends the mail', 'otter post'],
    ['the host of who sends the mail', 'Marshland#1'],
    ['a system role', 'Admin2026!'],
  ])('%s is refused', async (_, password) => {
    const { user, errors } = await register(server.client, { password });
    expect(told(errors)).toEqual(['input.password TOO_COMMON']);
    expect(user).toBeNull();
    expect((await validate(server.client, { password })).errors).toEqual(errors);
  });

  test.each([
    ['more than such a word', 'blue heron lake'],
    ['two such words', 'heron marshland'],
    ['part of such a word', 'marsh-1234'],
    ['a word of less than four letters', 'id 47 11 08 15'],
    ['none', '4711-0815-2342'],
    ['those of four words', 'correct horse battery staple'],
  ])('%s is accepted', async (_, password) => {
    expect((await register(server.client, { password })).errors).toEqual([]);
  });
});

test('whoever else sets the password is held to it too', async () => {
  const other = await startIssuer(named);
  try {
    const password = 'Marshland#1';
    const { code, stderr } = await runCommand(
      ['create-owner', 'ada@example.com'],
      { DATABASE_URL: other.database.url, ...named },
      `${password}\n`,
    );
    expect([code, stderr]).toEqual([1, expect.stringMatching(/password .*\(TOO_COMMON\)/)]);
    const owner = await registerPerson(other);
    const made = await createUser(owner.client, { email: 'eve@example.com', password });
    expect(refusals(made)).toEqual(['input.password TOO_COMMON']);
  } finally {
    await other.stop();
  }
});

test('one that was chosen before signs in as ever', async () => {
  const renamed = await startTestServer({ APP_NAME: 'Kingfisher' }, server.database);
  try {
    const password = 'Kingfisher1!';
    const { email } = await registerPerson(server, { password });
    expect(told((await register(renamed.client, { password })).errors)).toEqual([
      'input.password TOO_COMMON',
    ]);
    expect(await loginCodes(renamed.client, email, { password })).toEqual([]);
  } finally {
    await renamed.stop();
  }
});

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { loginMutation, newEmail, type LoginResult } from '../support/people.ts';
import { register, told, validate } from '../registration/registering.ts';

let server: TestServer;
const others: TestServer[] = [];
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  for (const other of others.splice(0)) await other.stop();
});
afterAll(() => server.stop());

async function startWith(environment: Readonly<Record<string, string>>): Promise<TestServer> {
  const other = await startTestServer(environment);
  others.push(other);
  return other;
}

async function violations(on: TestServer, password: string, more = {}): Promise<string[]> {
  const { errors } = await register(on.client, { password, ...more });
  expect((await validate(on.client, { password, ...more })).errors).toEqual(errors);
  return errors.map(({ code, message }) => `${code} ${message}`);
}

test.each([
  ['an empty one', '', 'REQUIRED'],
  ['spaces only', '            ', 'REQUIRED'],
  ['7 characters', 'q7Rw2xz', 'TOO_SHORT'],
  ['7 characters of two units each', '👋'.repeat(7), 'TOO_SHORT'],
  ['73 characters', 'xyz '.repeat(18) + '1', 'TOO_LONG'],
  ['37 characters of 2 bytes each', 'ü'.repeat(37), 'TOO_LONG'],
  ['NUL', 'correct\0horse battery', 'INVALID'],
  ['a tabulator', 'correct\thorse battery', 'INVALID'],
  ['half a character', 'correct \udc4b horse', 'INVALID'],
  ['one everybody tries', 'iloveyou1', 'TOO_COMMON'],
  ['one everybody tries, in capitals', 'PassWord1', 'TOO_COMMON'],
])('a password of %s is refused', async (_, password, code) => {
  const { user, errors } = await register(server.client, { password });
  expect(told(errors)).toEqual([`input.password ${code}`]);
  expect(user).toBeNull();
  expect((await validate(server.client, { password })).errors).toEqual(errors);
});

test.each([
  ['8 characters', 'q7Rw2xzK'],
  ['72 bytes', 'correct horse '.repeat(5) + 'xy'],
  ['36 characters of 2 bytes', 'ü'.repeat(36)],
  ['emoji and spaces', ' 👋 🌍 👋 🌍 '],
])('a password of %s is accepted and signs in as it was typed', async (_, password) => {
  const email = newEmail();
  expect((await register(server.client, { email, password })).errors).toEqual([]);
  const { data } = await server.client.graphql<LoginResult>(loginMutation, {
    input: { email, password },
  });
  expect(data.login.errors).toEqual([]);
  const trimmed = password.trim();
  if (trimmed === password) return;
  const wrong = { input: { email, password: trimmed } };
  const answer = await server.client.graphql<LoginResult>(loginMutation, wrong);
  expect(told(answer.data.login.errors)).toEqual(['null INVALID_CREDENTIALS']);
});

test('every keyboard types the same password, composed or decomposed', async () => {
  const email = newEmail();
  const typed = { password: 'Cafe\u0301 cre\u0300me', passwordConfirmation: 'Café crème' };
  expect((await register(server.client, { email, ...typed })).errors).toEqual([]);
  const { data } = await server.client.graphql<LoginResult>(loginMutation, {
    input: { email, password: 'Café crème' },
  });
  expect(data.login.user?.email).toBe(email);
});

test.each([
  ['the address', { email: 'Somebody@example.com', password: 'somebody@EXAMPLE.com' }],
  ['the username', { username: 'night_owl', password: 'Night_Owl' }],
  ['the username derived for it', { email: 'night.heron@example.com', password: 'Night_Heron' }],
])('a password that is %s is refused', async (_, input) => {
  const { errors } = await register(server.client, input);
  expect(told(errors)).toEqual(['input.password INVALID']);
});

test('each class of characters is required by its own setting', async () => {
  const rules = [
    ['PASSWORD_REQUIRE_UPPERCASE', 'ärger über 1?', 'Ärger über 1?', 'an upper-case letter'],
    ['PASSWORD_REQUIRE_LOWERCASE', 'ÄRGER ÜBER 1?', 'ÄRGER ÜBEr 1?', 'a lower-case letter'],
    ['PASSWORD_REQUIRE_DIGIT', 'Ärger über ?', 'Ärger über 1', 'a digit'],
    ['PASSWORD_REQUIRE_SPECIAL', 'Ärger über 1', 'Ärger über_1', 'one of !?@#$%^&*_'],
  ] as const;
  for (const [variable, bad, good, what] of rules) {
    const strict = await startWith({ [variable]: 'true' });
    expect(await violations(strict, bad)).toEqual([`INVALID must contain ${what}`]);
    expect((await register(strict.client, { password: good })).errors).toEqual([]);
    expect((await register(server.client, { password: bad })).errors).toEqual([]);
  }
});

test('of all classes required, every one that is missing is told, beside the length', async () => {
  const strict = await startWith({
    PASSWORD_MIN_LENGTH: '12',
    PASSWORD_REQUIRE_UPPERCASE: 'true',
    PASSWORD_REQUIRE_LOWERCASE: 'true',
    PASSWORD_REQUIRE_DIGIT: 'true',
    PASSWORD_REQUIRE_SPECIAL: 'true',
  });
  expect(await violations(strict, '-----------')).toEqual([
    'TOO_SHORT must have at least 12 characters',
    'INVALID must contain an upper-case letter',
    'INVALID must contain a lower-case letter',
    'INVALID must contain a digit',
    'INVALID must contain one of !?@#$%^&*_',
  ]);
  expect((await register(strict.client, { password: 'Correct horse 1!' })).errors).toEqual([]);
});

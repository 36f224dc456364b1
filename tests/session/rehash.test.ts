import bcryptjs from 'bcryptjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { password, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { login, loginCodes } from './sessions.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ BCRYPT_COST: '5' });
});
afterAll(() => server.stop());

/** Someone whose password was hashed elsewhere or long ago. */
async function registerWithHash(hash: string): Promise<Person> {
  const person = await registerPerson(server);
  await server.database.query('UPDATE users SET password_hash = $2 WHERE id = $1', [
    person.id,
    hash,
  ]);
  return person;
}

async function hashOf(person: Person): Promise<string> {
  const [row] = await server.database.query<{ password_hash: string }>(
    'SELECT password_hash FROM users WHERE id = $1',
    [person.id],
  );
  return row?.password_hash ?? '';
}

const hash = (cost: number, prefix = '$2b$') =>
  bcryptjs.hashSync(password, cost).replace('$2b$', prefix);

test.each([
  ['a lower cost', hash(4)],
  ['a higher cost', hash(6)],
  ['the prefix $2a$', hash(5, '$2a$')],
  ['the prefix $2y$', hash(5, '$2y$')],
])('a hash of %s is made anew when its password signs in', async (_, old) => {
  const person = await registerWithHash(old);
  expect(await loginCodes(server.client, person.email, { password: 'wrong' })).toEqual([
    'INVALID_CREDENTIALS',
  ]);
  expect(await hashOf(person)).toBe(old);
  expect(await loginCodes(server.client, person.email)).toEqual([]);
  const renewed = await hashOf(person);
  expect(renewed).toMatch(/^\$2b\$05\$/);
  expect(await loginCodes(server.client, person.email)).toEqual([]);
  expect(await hashOf(person)).toBe(renewed);
});

test('an inactive account keeps its old hash', async () => {
  const old = hash(4);
  const person = await registerWithHash(old);
  await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [person.id]);
  expect(await loginCodes(server.client, person.email)).toEqual(['ACCOUNT_INACTIVE']);
  expect(await hashOf(person)).toBe(old);
});

test('of 10 simultaneous sign-ins that all find the old hash, none is refused', async () => {
  const person = await registerWithHash(hash(4));
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => login(server.client, person.email)),
  );
  expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  expect(new Set(answers.map(({ token }) => token)).size).toBe(10);
  expect(await hashOf(person)).toMatch(/^\$2b\$05\$/);
});

test('a hash that is none lets nobody in and is no fault', async () => {
  for (const garbage of ['', 'x', '$2b$05$short', '$argon2id$v=19$m=65536']) {
    const person = await registerWithHash(garbage);
    expect(await loginCodes(server.client, person.email)).toEqual(['INVALID_CREDENTIALS']);
  }
});

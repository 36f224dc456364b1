import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { register } from './registering.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function usernameOf(email: string): Promise<string> {
  const { user, errors } = await register(server.client, { email });
  expect(errors).toEqual([]);
  expect(user?.username).toMatch(/^[A-Za-z][A-Za-z0-9_]{2,29}$/);
  return user?.username ?? '';
}

test('without one, the username comes from the address', async () => {
  expect(await usernameOf('Anna.Lena@example.com')).toBe('anna_lena');
  expect(await usernameOf('Jürgen-Groß+shop@example.com')).toBe('jurgengrossshop');
  expect(await usernameOf('王@example.com')).toBe('wang');
  expect(await usernameOf('007@example.com')).toBe('user_007');
  expect(await usernameOf('x@example.com')).toBe('x_1');
});

test('a username given is kept as it was typed', async () => {
  const { user } = await register(server.client, { username: 'McCloud_42' });
  expect(user?.username).toBe('McCloud_42');
});

test('a derived username that is taken gets a short random ending; nobody is renamed', async () => {
  const first = await usernameOf('sam@one.example');
  const second = await usernameOf('sam@two.example');
  const third = await usernameOf('SAM@three.example');
  expect(first).toBe('sam');
  expect(second).toMatch(/^sam_[a-z0-9]{5}$/);
  expect(third).toMatch(/^sam_[a-z0-9]{5}$/);
  expect(third).not.toBe(second);
  const rows = await server.database.query(
    "SELECT username FROM users WHERE email = 'sam@one.example'",
  );
  expect(rows).toEqual([{ username: 'sam' }]);
});

test('the ending stays within 30 characters', async () => {
  const local = 'a.very.long.name.that.goes.on.and.on';
  expect(await usernameOf(`${local}@one.example`)).toBe('a_very_long_name_that_goes_on_');
  const second = await usernameOf(`${local}@two.example`);
  expect(second).toHaveLength(30);
  expect(second).toMatch(/^a_very_long_name_that_go_[a-z0-9]{5}$/);
});

test('of 10 simultaneous registrations that derive one name, all get a name of their own', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => usernameOf(`robin@host${index}.example`)),
  );
  expect(new Set(answers).size).toBe(10);
  expect(answers.filter((username) => username === 'robin')).toHaveLength(1);
});

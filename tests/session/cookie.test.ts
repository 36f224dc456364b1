import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  loginMutation,
  password,
  registerMutation,
  registerPerson,
  type LoginResult,
  type RegisterResult,
} from '../support/people.ts';
import { production, startTestServer, type TestServer } from '../support/server.ts';
import { cookieLogin, pairOf, readCookie, setCookieOf } from './cookies.ts';
import { whoIs } from './sessions.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server);
});
afterAll(() => server.stop());

test('a session delivered by cookie is not in the answer, and the cookie is who I am', async () => {
  const person = await registerPerson(server);
  const answer = await cookieLogin(server.client, person.email);
  expect(answer.data.login).toMatchObject({ user: { id: person.id }, token: null, errors: [] });
  expect(JSON.stringify(answer.data)).not.toContain('gh_s_');
  const { name, value, attributes } = readCookie(setCookieOf(answer));
  expect(name).toBe('gatehouse');
  expect(value).toMatch(/^gh_s_[\w-]{64}$/);
  const expires = new Date(answer.data.login.expiresAt ?? '').toUTCString();
  expect([...attributes].sort()).toEqual([
    `Expires=${expires}`,
    'HttpOnly',
    'Path=/',
    'SameSite=Lax',
  ]);
  expect(await whoIs(server.client.with({ cookie: pairOf(answer) }))).toBe(person.id);
});

test('registering can deliver by cookie too', async () => {
  const input = { email: 'cookie@example.com', password, signIn: true, delivery: 'COOKIE' };
  const answer = await server.client.graphql<RegisterResult>(registerMutation, { input });
  expect(answer.data.register.token).toBeNull();
  expect(answer.data.register.expiresAt).not.toBeNull();
  const { id } = answer.data.register.user ?? {};
  expect(await whoIs(server.client.with({ cookie: pairOf(answer) }))).toBe(id);
});

test('registering without signing in makes no session, in whatever delivery', async () => {
  const input = { email: 'none@example.com', password, delivery: 'COOKIE' };
  const answer = await server.client.graphql<RegisterResult>(registerMutation, { input });
  expect(answer.data.register).toMatchObject({ token: null, expiresAt: null, errors: [] });
  expect(answer.headers.getSetCookie()).toEqual([]);
  const sessions = await server.database.query('SELECT FROM sessions WHERE user_id = $1', [
    answer.data.register.user?.id,
  ]);
  expect(sessions).toHaveLength(0);
});

test('a session delivered by token sets no cookie; a refused sign-in sets none either', async () => {
  const person = await registerPerson(server);
  for (const input of [{}, { delivery: 'TOKEN' }, { delivery: 'COOKIE', password: 'wrong' }]) {
    const answer = await server.client.graphql<LoginResult>(loginMutation, {
      input: { email: person.email, password, ...input },
    });
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
});

test('remember: false makes a cookie that ends with the browser', async () => {
  const person = await registerPerson(server);
  const answer = await cookieLogin(server.client, person.email, { remember: false });
  const { attributes } = readCookie(setCookieOf(answer));
  expect([...attributes].sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax']);
  expect(await whoIs(server.client.with({ cookie: pairOf(answer) }))).toBe(person.id);
});

test.each(['logout { errors { code } }', 'logoutEverywhere { count errors { code } }'])(
  '%s clears the cookie and ends its session',
  async (mutation) => {
    const person = await registerPerson(server);
    const cookie = pairOf(await cookieLogin(server.client, person.email));
    const page = server.client.with({ cookie, origin: server.url });
    const answer = await page.graphql(`mutation { ${mutation} }`);
    expect(answer.errors).toEqual([]);
    const { name, value, attributes } = readCookie(setCookieOf(answer));
    expect([name, value]).toEqual(['gatehouse', '']);
    expect(attributes).toContain('Expires=Thu, 01 Jan 1970 00:00:00 GMT');
    expect(attributes).toContain('Path=/');
    expect(await whoIs(server.client.with({ cookie }))).toBeUndefined();
  },
);

test('ending all sessions but the one in use leaves its cookie alone', async () => {
  const person = await registerPerson(server);
  const cookie = pairOf(await cookieLogin(server.client, person.email));
  const page = server.client.with({ cookie, origin: server.url });
  const answer = await page.graphql('mutation { logoutEverywhere(exceptCurrent: true) { count } }');
  expect(answer.data).toEqual({ logoutEverywhere: { count: 1 } });
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(await whoIs(page)).toBe(person.id);
});

describe('in production', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(production);
  });
  afterAll(() => server.stop());

  test('the cookie is bound to the host and to TLS, and no other name is read', async () => {
    const person = await registerPerson(server);
    const answer = await cookieLogin(server.client, person.email);
    const { name, value, attributes } = readCookie(setCookieOf(answer));
    expect(name).toBe('__Host-gatehouse');
    expect(attributes).toEqual(expect.arrayContaining(['HttpOnly', 'Secure', 'Path=/']));
    expect(attributes).toContain('SameSite=Lax');
    expect(attributes.some((attribute) => attribute.startsWith('Domain'))).toBe(false);
    const asks = (cookie: string) => whoIs(server.client.with({ cookie }));
    expect(await asks(`__Host-gatehouse=${value}`)).toBe(person.id);
    expect(await asks(`gatehouse=${value}`)).toBeUndefined();
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { newEmail, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { cookieLogin, pairOf } from './cookies.ts';
import { whoIs } from './sessions.ts';

const allowed = 'https://app.example.com';

let server: TestServer;
let person: Person;
let cookie: string;
beforeAll(async () => {
  server = await startTestServer({ ALLOWED_ORIGINS: allowed });
  person = await registerPerson(server);
  cookie = pairOf(await cookieLogin(server.client, person.email));
});
afterAll(() => server.stop());

// It changes nothing, and yet it is a mutation that only its user may send.
const mutation = 'mutation { revokeSession(id: "none") { errors { code } } }';
const passed = { revokeSession: { errors: [{ code: 'NOT_FOUND' }] } };

const send = (headers: Record<string, string>) => server.client.with(headers).graphql(mutation);

test('a mutation by cookie passes from our own origin and from those allowed', async () => {
  for (const origin of [server.url, allowed]) {
    const { data, errors } = await send({ cookie, origin });
    expect(errors).toEqual([]);
    expect(data).toEqual(passed);
  }
});

test('a mutation by cookie is FORBIDDEN from anywhere else, and without an origin', async () => {
  const { host } = new URL(server.url);
  const others = [
    'https://evil.example',
    'null',
    '',
    `${allowed}.evil.example`,
    `https://evil.example/${host}`,
    `http://${host.split(':').join('.')}:1`,
    'http://app.example.com',
    'https://app.example.com:8443',
    'not an origin',
  ];
  for (const headers of [{ cookie }, ...others.map((origin) => ({ cookie, origin }))]) {
    const { status, code, data } = await send(headers);
    expect([headers, status, code]).toEqual([headers, 403, 'FORBIDDEN']);
    expect(data).toEqual({});
  }
});

test('nothing of a document with a forbidden mutation is done', async () => {
  const before = await server.database.query('SELECT count(*) FROM users');
  const answer = await server.client.with({ cookie }).graphql(
    `mutation ($email: String!, $password: String!) {
      register(input: { email: $email, password: $password }) { user { id } }
      logout { errors { code } }
    }`,
    { email: newEmail(), password: 'correct horse battery' },
  );
  expect([answer.status, answer.code]).toEqual([403, 'FORBIDDEN']);
  expect(await server.database.query('SELECT count(*) FROM users')).toEqual(before);
  expect(await whoIs(server.client.with({ cookie }))).toBe(person.id);
});

test('a mutation by token needs no origin and minds none', async () => {
  const authorization = `Bearer ${person.token}`;
  const minded: readonly Record<string, string>[] = [
    { authorization },
    { authorization, origin: 'https://evil.example' },
    { authorization, cookie },
  ];
  for (const headers of minded) expect((await send(headers)).data).toEqual(passed);
});

test('a query by cookie passes from everywhere', async () => {
  for (const headers of [{ cookie }, { cookie, origin: 'https://evil.example' }]) {
    expect(await whoIs(server.client.with(headers))).toBe(person.id);
  }
});

test('only allowed origins may read an answer', async () => {
  const answerTo = (origin: string) =>
    server.client.with({ cookie, origin }).graphql('{ me { id } }');
  const { headers } = await answerTo(allowed);
  expect(headers.get('access-control-allow-origin')).toBe(allowed);
  expect(headers.get('access-control-allow-credentials')).toBe('true');
  const evil = await answerTo('https://evil.example');
  expect(evil.headers.get('access-control-allow-origin')).toBeNull();
});

test('Authorization, which is meant, wins over the cookie, which just comes', async () => {
  const other = await registerPerson(server);
  expect(await whoIs(other.client.with({ cookie }))).toBe(other.id);
  expect(await whoIs(server.client.withToken('gh_s_wrong').with({ cookie }))).toBeUndefined();
  const basic = { cookie, authorization: 'Basic cm9vdDpyb290' };
  expect(await whoIs(server.client.with(basic))).toBeUndefined();
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  loginMutation,
  newEmail,
  password,
  registerMutation,
  registerPerson,
  type Person,
} from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { currentSession, mySessions, whoIs } from '../session/sessions.ts';
import { breakAudit, mendAudit } from './audit.ts';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server);
});
afterAll(() => server.stop());
beforeEach(async () => {
  person = await registerPerson(server);
  await breakAudit(server.database);
});
afterEach(() => mendAudit(server.database));

const counts = () =>
  server.database.query(
    `SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM sessions) AS sessions,
       (SELECT count(*) FROM role_assignments) AS roles,
       (SELECT count(*) FROM users WHERE last_sign_in_at IS NOT NULL) AS stamps`,
  );

test('what cannot be recorded is not done: nobody is registered or signed in', async () => {
  const before = await counts();
  const input = { email: newEmail(), password };
  for (const signIn of [true, false]) {
    const answer = await server.client.graphql(registerMutation, { input: { ...input, signIn } });
    expect(answer.code).toBe('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(answer.errors)).not.toContain('audit');
  }
  const login = { input: { email: person.email, password, delivery: 'COOKIE' } };
  const answer = await server.client.graphql(loginMutation, login);
  expect(answer.code).toBe('INTERNAL_SERVER_ERROR');
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(await counts()).toEqual(before);
});

test('what cannot be recorded is not done: no session ends', async () => {
  const { id } = await currentSession(person.client);
  const documents = [
    'mutation { logout { errors { code } } }',
    'mutation { logoutEverywhere { count } }',
    `mutation { revokeSession(id: "${id}") { errors { code } } }`,
  ];
  for (const document of documents) {
    expect((await person.client.graphql(document)).code).toBe('INTERNAL_SERVER_ERROR');
    expect(await whoIs(person.client)).toBe(person.id);
  }
  expect(await mySessions(person.client)).toHaveLength(1);
});

test('a first registration that fails leaves the Owner’s seat free', async () => {
  const fresh = await startTestServer();
  await breakAudit(fresh.database);
  const input = { email: newEmail(), password };
  const failed = await fresh.client.graphql(registerMutation, { input });
  expect(failed.code).toBe('INTERNAL_SERVER_ERROR');
  await mendAudit(fresh.database);
  const owner = await registerPerson(fresh, { email: input.email });
  const { data } = await owner.client.graphql('{ me { roleNames } }');
  await fresh.stop();
  expect(data).toEqual({ me: { roleNames: ['Owner'] } });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerMutation, password, type RegisterResult } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { register, told } from './registering.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await register(server.client);
});
afterAll(() => server.stop());

test('of 30 simultaneous registrations of one address one wins and 29 are told TAKEN', async () => {
  const emails = Array.from({ length: 30 }, (_, index) =>
    index % 2 === 0 ? 'wanted@example.com' : 'Wanted@Example.com',
  );
  const answers = await Promise.all(emails.map((email) => register(server.client, { email })));
  const winners = answers.filter(({ user }) => user !== null);
  expect(winners).toHaveLength(1);
  for (const { user, errors } of answers) {
    expect(told(errors)).toEqual(user === null ? ['input.email TAKEN'] : []);
  }
  const [rows] = await server.database.query(
    `SELECT
       (SELECT count(*)::int FROM users WHERE lower(email) = 'wanted@example.com') AS users,
       (SELECT count(*)::int FROM role_assignments WHERE user_id = $1) AS roles,
       (SELECT count(*)::int FROM audit_events
          WHERE action = 'user.registered' AND subject_id = $1) AS registered,
       (SELECT count(*)::int FROM audit_events a WHERE subject_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM users u WHERE u.id = a.subject_id)) AS orphans`,
    [winners[0]?.user?.id],
  );
  expect(rows).toEqual({ users: 1, roles: 1, registered: 1, orphans: 0 });
});

test('of 10 simultaneous registrations of one username one wins', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => register(server.client, { username: 'the_one' })),
  );
  expect(answers.filter(({ user }) => user !== null)).toHaveLength(1);
  const losers = answers.filter(({ user }) => user === null);
  for (const { errors } of losers) expect(told(errors)).toEqual(['input.username TAKEN']);
});

test('two registrations in one document are two registrations', async () => {
  const document = `mutation ($first: RegisterInput!, $second: RegisterInput!) {
    first: register(input: $first) { user { email } errors { code } }
    second: register(input: $second) { user { email } errors { code } }
  }`;
  const email = 'twice@example.com';
  const { data } = await server.client.graphql<{
    first: RegisterResult['register'];
    second: RegisterResult['register'];
  }>(document, { first: { email, password }, second: { email, password } });
  expect(data.first).toEqual({ user: { email }, errors: [] });
  expect(data.second).toEqual({ user: null, errors: [{ code: 'TAKEN' }] });
});

test('a refused registration answers with status 200 and no top-level error', async () => {
  const answer = await server.client.graphql<RegisterResult>(registerMutation, {
    input: { email: 'no address', password },
  });
  expect([answer.status, answer.errors]).toEqual([200, []]);
});

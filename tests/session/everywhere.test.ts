import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { newestMail } from '../support/mailbox.ts';
import { password, registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { currentSession, logout, revokeSession, signInAgain, whoIs } from './sessions.ts';

let database: TestDatabase;
let servers: readonly [TestServer, TestServer];
let staff: { owner: Person; admin: Person; user: Person };
beforeAll(async () => {
  database = await createTestDatabase();
  servers = [await startTestServer({}, database), await startTestServer({}, database)];
  staff = await registerStaff(servers[0]);
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  await database.drop();
});

interface SignedIn {
  readonly person: Person;
  /** Two sessions of the person; each is used on both instances before anything ends. */
  readonly tokens: readonly [string, string];
}

async function signedInTwice(): Promise<SignedIn> {
  const person = await registerPerson(servers[0]);
  const second = await signInAgain(person, servers[1].client);
  const tokens = [person.token, second.headers.authorization?.slice(7) ?? ''] as const;
  for (const token of tokens) expect(await isGood(token)).toEqual([true, true]);
  return { person, tokens };
}

/** Whether a token is good, on each of the instances. */
const isGood = (token: string) =>
  Promise.all(
    servers.map(async ({ client }) => (await whoIs(client.withToken(token))) !== undefined),
  );

const good = [true, true];
const gone = [false, false];
const outcome = async ({ tokens }: SignedIn) => [await isGood(tokens[0]), await isGood(tokens[1])];

const mutate = async (client: TestServer['client'], document: string, variables = {}) => {
  const { data, errors } = await client.graphql<Record<string, { errors: unknown[] }>>(
    `mutation ${document}`,
    variables,
  );
  expect(errors).toEqual([]);
  for (const payload of Object.values(data)) expect(payload.errors).toEqual([]);
};

describe('ended at once, and on the other instance with the next request,', () => {
  test('is the session in use by logout, and no other', async () => {
    const signedIn = await signedInTwice();
    await logout(servers[1].client.withToken(signedIn.tokens[0]));
    expect(await outcome(signedIn)).toEqual([gone, good]);
  });

  test('is one session by revokeSession, of its user or an administrator', async () => {
    const signedIn = await signedInTwice();
    const idOf = async (token: string) =>
      (await currentSession(servers[0].client.withToken(token))).id;
    const first = await idOf(signedIn.tokens[0]);
    const second = await idOf(signedIn.tokens[1]);
    expect(await revokeSession(servers[1].client.withToken(signedIn.tokens[1]), first)).toEqual([]);
    expect(await outcome(signedIn)).toEqual([gone, good]);
    const admin = servers[1].client.withToken(staff.admin.token);
    expect(await revokeSession(admin, second)).toEqual([]);
    expect(await outcome(signedIn)).toEqual([gone, gone]);
  });

  test('is every session by logoutEverywhere, or every other one', async () => {
    const signedIn = await signedInTwice();
    const client = servers[1].client.withToken(signedIn.tokens[1]);
    await mutate(client, '{ logoutEverywhere(exceptCurrent: true) { errors { code } } }');
    expect(await outcome(signedIn)).toEqual([gone, good]);
    await mutate(client, '{ logoutEverywhere { errors { code } } }');
    expect(await outcome(signedIn)).toEqual([gone, gone]);
  });

  test('is every session of a deactivated user', async () => {
    const signedIn = await signedInTwice();
    await database.query('UPDATE users SET is_active = false WHERE id = $1', [signedIn.person.id]);
    expect(await outcome(signedIn)).toEqual([gone, gone]);
  });

  test('is every session by a new password, but for the fresh one', async () => {
    const signedIn = await signedInTwice();
    const client = servers[1].client.withToken(signedIn.tokens[1]);
    const { data } = await client.graphql<{
      changePassword: { token: string; errors: unknown[] };
    }>(
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { token errors { code } } }',
      {
        input: { currentPassword: password, password: 'an entirely new one' },
      },
    );
    expect(data.changePassword.errors).toEqual([]);
    expect(await outcome(signedIn)).toEqual([gone, gone]);
    expect(await isGood(data.changePassword.token)).toEqual(good);
  });

  test('is every session by resetting the password', async () => {
    const signedIn = await signedInTwice();
    const { email } = signedIn.person;
    await mutate(
      servers[0].client,
      `{ requestPasswordReset(email: "${email}") { errors { code } } }`,
    );
    const { token } = await newestMail({ database }, email);
    await mutate(
      servers[1].client,
      '($token: String!) { resetPassword(token: $token, password: "an entirely new one") { errors { code } } }',
      { token },
    );
    expect(await outcome(signedIn)).toEqual([gone, gone]);
  });

  test('is what a server is told of it', async () => {
    const signedIn = await signedInTwice();
    const { secret } = await makeKey(servers[0], 'TOKENS_READ');
    const active = async (token: string) =>
      Promise.all(
        servers.map(async ({ client }) => {
          const { data } = await client
            .withToken(secret)
            .graphql<{ introspect: { active: boolean } }>(
              `{ introspect(token: "${token}") { active } }`,
            );
          return data.introspect.active;
        }),
      );
    await logout(servers[0].client.withToken(signedIn.tokens[0]));
    expect(await active(signedIn.tokens[0])).toEqual(gone);
    expect(await active(signedIn.tokens[1])).toEqual(good);
  });
});

test('many requests in flight while a session ends: none that begins after the answer passes', async () => {
  const { tokens } = await signedInTwice();
  const busy = Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      whoIs((servers[index % 2] ?? servers[0]).client.withToken(tokens[0])),
    ),
  );
  await logout(servers[0].client.withToken(tokens[0]));
  const after = await Promise.all(Array.from({ length: 10 }, () => isGood(tokens[0])));
  expect(after).toEqual(Array(10).fill(gone));
  await busy;
});

test('signing out twice at once, on both instances, is no fault and is recorded once', async () => {
  const { person, tokens } = await signedInTwice();
  const signOut = (index: number) =>
    (servers[index % 2] ?? servers[0]).client
      .withToken(tokens[0])
      .graphql<{ logout: { errors: unknown[] } | null }>('mutation { logout { errors { code } } }');
  const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => signOut(index)));
  // Those that came after the end are nobody's.
  for (const { code, data } of answers) {
    if (code === undefined) expect(data.logout?.errors).toEqual([]);
    else expect(code).toBe('UNAUTHENTICATED');
  }
  expect((await signOut(1)).code).toBe('UNAUTHENTICATED');
  const events = await database.query(
    "SELECT FROM audit_events WHERE action = 'session.ended' AND subject_id = $1",
    [person.id],
  );
  expect(events).toHaveLength(1);
});

test('activating a user again revives no session that was ended', async () => {
  const signedIn = await signedInTwice();
  await logout(servers[0].client.withToken(signedIn.tokens[0]));
  const set = (active: boolean) =>
    database.query('UPDATE users SET is_active = $2 WHERE id = $1', [signedIn.person.id, active]);
  await set(false);
  await set(true);
  expect((await outcome(signedIn))[0]).toEqual(gone);
});

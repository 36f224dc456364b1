import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { poll } from '../support/mailbox.ts';
import { password, registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { startWire } from '../support/wire.ts';
import {
  figureOf,
  promisedMilliseconds,
  refusedAfter,
  remember,
  remembering,
  tries,
} from './remembering.ts';
import { currentSession, logout, signInAgain, whoIs } from './sessions.ts';

let database: TestDatabase;
/** Where changes are made, and where they are to be known as well. */
let here: TestServer;
let elsewhere: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
beforeAll(async () => {
  database = await createTestDatabase();
  here = await startTestServer(remembering, database);
  elsewhere = await startTestServer(remembering, database);
  staff = await registerStaff(here);
});
afterAll(async () => {
  await here.stop();
  await elsewhere.stop();
  await database.drop();
});

const at = (server: TestServer, client: Client) => client.at(server.url);

/** Somebody whose session both servers remember. */
async function remembered(): Promise<Person> {
  const person = await registerPerson(here);
  for (const server of [here, elsewhere]) await remember(at(server, person.client));
  return person;
}

async function mutate(client: Client, document: string, variables = {}): Promise<void> {
  const { data, errors } = await client.graphql<Record<string, { errors: unknown[] }>>(
    `mutation ${document}`,
    variables,
  );
  expect(errors).toEqual([]);
  for (const payload of Object.values(data)) expect(payload.errors).toEqual([]);
}

test('a session that is remembered costs no statement', async () => {
  const person = await remembered();
  const before = await figureOf(person.client, 'misses_total');
  await remember(person.client);
  const asked = await figureOf(person.client, 'misses_total');
  expect(asked - before).toBeLessThanOrEqual(2); // the proof that all was heard may be due
  expect(await figureOf(person.client, 'size')).toBeGreaterThan(0);
  expect(await figureOf(person.client, 'listening')).toBe(1);
});

test('a session that ends is refused at once there, and elsewhere within 100 ms', async () => {
  const times: number[] = [];
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const { client } = await remembered();
    await logout(client);
    const after = performance.now();
    expect(await whoIs(client)).toBeUndefined();
    await refusedAfter(at(elsewhere, client));
    times.push(performance.now() - after);
  }
  expect(Math.min(...times)).toBeLessThan(promisedMilliseconds);
});

describe('known at once there, and soon elsewhere,', () => {
  const owner = () => staff.owner.client;
  const changes: Record<string, (person: Person) => Promise<void>> = {
    'is a deactivation': ({ id }) =>
      mutate(
        owner(),
        '($id: ID!) { updateUserStatus(userId: $id, isActive: false) { errors { code } } }',
        { id },
      ),
    'is a role that is given': ({ id }) =>
      mutate(owner(), '($id: ID!) { promoteToAdmin(userId: $id) { errors { code } } }', { id }),
    'is a role that is taken away': ({ id }) =>
      mutate(owner(), '($id: ID!) { removeRole(userId: $id, role: "User") { errors { code } } }', {
        id,
      }),
    'is a new name': ({ client }) =>
      mutate(client, '{ updateProfile(input: { firstName: "Ada" }) { errors { code } } }'),
    'is an address that is confirmed no longer': ({ id }) =>
      mutate(owner(), '($id: ID!) { adminUnconfirmUser(userId: $id) { errors { code } } }', { id }),
    'is a new address': ({ id }) =>
      mutate(
        owner(),
        '($id: ID!, $fields: JSONObject!) { updateUserFields(userId: $id, fields: $fields) { errors { code } } }',
        { id, fields: { email: `new-${id}@example.com` } },
      ),
    'is a custom field': ({ id }) =>
      mutate(
        owner(),
        '($id: ID!) { setUserCustomField(userId: $id, key: "team", value: "red") { errors { code } } }',
        { id },
      ),
    'is a password that an administrator sets': ({ id }) =>
      mutate(
        owner(),
        '($id: ID!) { adminSetPassword(userId: $id, password: "an entirely new one") { errors { code } } }',
        { id },
      ),
    'is a password of their own': ({ client }) =>
      mutate(
        client,
        '($input: ChangePasswordInput!) { changePassword(input: $input) { errors { code } } }',
        { input: { currentPassword: password, password: 'an entirely new one' } },
      ),
    'is the end of all sessions': ({ id }) =>
      mutate(owner(), '($id: ID!) { revokeUserSessions(userId: $id) { errors { code } } }', { id }),
    'is a sign-in on another device': async (person) => {
      await signInAgain(person, here.client);
    },
    'is a deletion': ({ id }) =>
      mutate(owner(), '($id: ID!) { deleteUser(userId: $id) { errors { code } } }', { id }),
  };

  async function stateAt(server: TestServer, { client }: Person): Promise<string> {
    const { data, errors } = await at(server, client).graphql(
      '{ me { email firstName roleNames confirmedAt lastSignInAt updatedAt } }',
    );
    expect(errors).toEqual([]);
    return JSON.stringify(data);
  }

  test.each(Object.entries(changes))('%s', async (_, change) => {
    const person = await remembered();
    const before = await stateAt(here, person);
    await change(person);
    const after = await stateAt(here, person);
    expect(after).not.toBe(before);
    await poll(10_000, 'it was not known elsewhere', async () =>
      (await stateAt(elsewhere, person)) === after ? true : undefined,
    );
  });

  test('is the new name of a role', async () => {
    const roleId = await createRole('Editors');
    const person = await registerPerson(here);
    await mutate(
      owner(),
      '($id: ID!) { assignRole(userId: $id, role: "Editors") { errors { code } } }',
      { id: person.id },
    );
    for (const server of [here, elsewhere]) await remember(at(server, person.client));
    const rename = '($id: ID!) { updateRole(id: $id, name: "Writers") { errors { code } } }';
    await mutate(owner(), rename, { id: roleId });
    expect(await stateAt(here, person)).toContain('Writers');
    await poll(10_000, 'it was not known elsewhere', async () =>
      (await stateAt(elsewhere, person)).includes('Writers') ? true : undefined,
    );
  });

  async function createRole(name: string): Promise<string> {
    const { data } = await owner().graphql<{ createRole: { role: { id: string } } }>(
      'mutation ($name: String!) { createRole(name: $name) { role { id } } }',
      { name },
    );
    return data.createRole.role.id;
  }
});

test('many requests in flight while a session ends: none that begins after the answer passes', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { client } = await remembered();
    let ended = false;
    const readers = Array.from({ length: 12 }, async () => {
      while (!ended) await whoIs(client);
    });
    await whoIs(client);
    await logout(client);
    const after = await Promise.all(Array.from({ length: 30 }, () => whoIs(client)));
    ended = true;
    await Promise.all(readers);
    expect(after).toEqual(Array(30).fill(undefined));
  }
});

test('however late a change is heard of, the answer to it is later', async () => {
  const slow = { name: 'gatehouse-listener', milliseconds: 30 };
  const { url: DATABASE_URL } = await startWire(database.url, slow);
  const server = await startTestServer({ ...remembering, DATABASE_URL }, database);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const { client } = await registerPerson(server);
    await remember(client);
    await logout(client);
    expect(await whoIs(client)).toBeUndefined();
  }
  await server.stop();
});

test('a session that a mismatched fingerprint ends is ended for its owner at once', async () => {
  const strict = await startTestServer({ ...remembering, SESSION_FINGERPRINT: 'strict' }, database);
  const person = await registerPerson(strict);
  await remember(person.client);
  await database.query(`UPDATE sessions SET ip_address = '192.0.2.1' WHERE user_id = $1`, [
    person.id,
  ]);
  await poll(10_000, 'the address of the session was not read again', async () =>
    (await currentSession(person.client)).ipAddress === '192.0.2.1' ? true : undefined,
  );
  await remember(person.client);
  const thief = person.client.with({ 'user-agent': 'another program' });
  expect((await thief.graphql('{ me { id } }')).code).toBe('UNAUTHENTICATED');
  expect(await whoIs(person.client)).toBeUndefined();
  await strict.stop();
});

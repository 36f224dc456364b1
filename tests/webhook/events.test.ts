import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import { refuseAudit } from '../role/role-operations.ts';
import type { Client } from '../support/client.ts';
import { newestMail } from '../support/mailbox.ts';
import {
  loginMutation,
  newEmail,
  password,
  registerPerson,
  registerUnconfirmed,
  type Person,
} from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { reachable, startReceiver, verify, type Receiver } from './receiver.ts';
import { allEvents, createWebhook, deliveriesOf, made } from './webhook-operations.ts';

let server: TestServer;
let receiver: Receiver;
let owner: Person;
let webhookId: string;
let secret: string;
beforeAll(async () => {
  server = await startTestServer(reachable);
  receiver = await startReceiver();
  owner = await registerPerson(server);
  const created = made(await createWebhook(owner.client, { url: receiver.url, events: allEvents }));
  webhookId = created.webhook.id;
  secret = created.secret;
});
afterAll(async () => {
  await server.stop();
  await receiver.stop();
});

async function run(client: Client, document: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await client.graphql<Record<string, { errors?: unknown[] }>>(
    document,
    variables,
  );
  expect(errors).toEqual([]);
  for (const outcome of Object.values(data)) expect(outcome.errors ?? []).toEqual([]);
}

const asOwner = (field: string, id: string) =>
  run(owner.client, `mutation ($id: ID!) { ${field} { errors { code message } } }`, { id });

/** What came about someone, in order. */
const typesAbout = async (id: string, count: number) =>
  (await receiver.about(id, count)).map(({ event }) => event.type);

test('an event has the form and the signature of Standard Webhooks', async () => {
  const { id, email, username } = await registerPerson(server, { firstName: 'Ada' });
  const [created] = await receiver.about(id, 1, 'user.created');
  expect(created && verify(secret, created)).toEqual(created?.event);
  expect(created?.headers['content-type']).toBe('application/json');
  expect(created?.headers['webhook-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(Math.abs(Date.parse(created?.event.timestamp ?? '') - Date.now())).toBeLessThan(60_000);
  expect(created?.event).toEqual({
    type: 'user.created',
    timestamp: expect.any(String) as string,
    data: {
      id,
      email,
      username,
      firstName: 'Ada',
      lastName: null,
      isActive: true,
      confirmedAt: null,
      timezone: null,
      preferredLocale: null,
      roles: ['User'],
      customFields: {},
      lastSignInAt: expect.toBeOneOf([null, expect.any(String)]) as string | null,
      createdAt: expect.any(String) as string,
      updatedAt: expect.any(String) as string,
    },
  });
  const other = `whsec_${Buffer.alloc(32).toString('base64')}`;
  expect(() => created && verify(other, created)).toThrow();
});

test('a registration is told once, with the role, and the sign-in with it', async () => {
  const { id } = await registerPerson(server);
  expect(await typesAbout(id, 2)).toEqual(['user.created', 'user.signed_in']);
});

describe('is told what happens to a user:', () => {
  let person: Person;
  beforeEach(async () => {
    person = await registerPerson(server, { lastName: 'Byron' });
    await receiver.about(person.id, 2);
  });

  const told = async (type: string) =>
    (await receiver.about(person.id, 1, type)).at(-1)?.event.data;

  test('a profile they change themselves', async () => {
    await run(
      person.client,
      'mutation { updateProfile(input: { lastName: "Lovelace" }) { errors { code } } }',
    );
    expect(await told('user.updated')).toMatchObject({ lastName: 'Lovelace' });
  });

  test('a role given and taken away', async () => {
    await asOwner('promoteToAdmin(userId: $id)', person.id);
    await asOwner('demoteToUser(userId: $id)', person.id);
    const changes = await receiver.about(person.id, 2, 'user.role_changed');
    expect(changes.map(({ event }) => event.data.roles)).toEqual([['Admin', 'User'], ['User']]);
  });

  test('a password the Owner sets, a sign-in with it, and one they change themselves', async () => {
    const next = 'another horse battery';
    await asOwner(`adminSetPassword(userId: $id, password: "${next}")`, person.id);
    await receiver.about(person.id, 1, 'user.password_changed');
    const signedInBefore = (await receiver.about(person.id, 1, 'user.signed_in')).length;
    const input = { email: person.email, password: next };
    const { data } = await server.client.graphql<{ login: { token: string } }>(loginMutation, {
      input,
    });
    await receiver.about(person.id, signedInBefore + 1, 'user.signed_in');
    await run(
      server.client.withToken(data.login.token),
      `mutation { changePassword(input: {
        currentPassword: "${next}", password: "${password}" }) { errors { code } } }`,
    );
    await receiver.about(person.id, 2, 'user.password_changed');
    // The session that goes on with the new password is no sign-in.
    expect(await receiver.about(person.id, 0, 'user.signed_in')).toHaveLength(signedInBefore + 1);
  });

  test('credentials that are verified for a server', async () => {
    const key = await makeKey(server, 'CREDENTIALS_VERIFY');
    const before = (await receiver.about(person.id, 0, 'user.signed_in')).length;
    await run(
      key.client,
      'mutation ($email: String!, $password: String!) { verifyCredentials(email: $email, password: $password) { errors { code } } }',
      { email: person.email, password },
    );
    await receiver.about(person.id, before + 1, 'user.signed_in');
  });

  test('custom fields, of several users in one batch', async () => {
    const other = await registerPerson(server);
    await run(
      owner.client,
      `mutation ($ids: [ID!]!) {
        bulkUpdateUserFields(userIds: $ids, fields: { plan: "pro" }) { updatedCount } }`,
      { ids: [person.id, other.id] },
    );
    for (const { id } of [person, other]) {
      const [change] = (await receiver.about(id, 1, 'user.updated')).slice(-1);
      expect(change?.event.data.customFields).toEqual({ plan: 'pro' });
    }
  });

  test('a trial of a batch is told to nobody', async () => {
    const before = (await deliveriesOf(owner.client, webhookId)).length;
    await run(
      owner.client,
      `mutation ($ids: [ID!]!) { bulkUpdateUserFields(
        userIds: $ids, fields: { plan: "none" }, dryRun: true) { updatedCount } }`,
      { ids: [person.id] },
    );
    expect(await deliveriesOf(owner.client, webhookId)).toHaveLength(before);
  });

  test('that they are deactivated and activated', async () => {
    await asOwner('updateUserStatus(userId: $id, isActive: false)', person.id);
    expect(await told('user.deactivated')).toMatchObject({ isActive: false });
    await asOwner('updateUserStatus(userId: $id, isActive: true)', person.id);
    expect(await told('user.activated')).toMatchObject({ isActive: true });
  });

  test('that they are deleted, of whom nothing is left in the log but who it was', async () => {
    await asOwner('deleteUser(userId: $id)', person.id);
    expect(await told('user.deleted')).toEqual({ id: person.id });
    const [row] = await server.database.query<{ log: string }>(
      'SELECT json_agg(d)::text AS log FROM webhook_deliveries d WHERE user_id = $1',
      [person.id],
    );
    expect(row?.log).toContain('user.created');
    expect(row?.log).not.toContain(person.email);
    expect(row?.log).not.toContain('Byron');
  });
});

test('confirming an address is told, by the link, by an administrator and by a change', async () => {
  const { id, email, client } = await registerUnconfirmed(server);
  const { token } = await newestMail(server, email);
  const confirm = 'mutation ($token: String!) { confirmEmail(token: $token) { errors { code } } }';
  await run(server.client, confirm, { token });
  const [first] = await receiver.about(id, 1, 'user.confirmed');
  expect(first?.event.data.confirmedAt).toEqual(expect.any(String));
  await asOwner('adminUnconfirmUser(userId: $id)', id);
  await asOwner('adminConfirmUser(userId: $id)', id);
  const next = newEmail();
  await run(
    client,
    `mutation { requestEmailChange(
      currentPassword: "${password}", email: "${next}") { errors { code } } }`,
  );
  await run(
    server.client,
    'mutation ($token: String!) { confirmEmailChange(token: $token) { errors { code } } }',
    { token: (await newestMail(server, next)).token },
  );
  const confirmations = await receiver.about(id, 3, 'user.confirmed');
  expect(confirmations.map(({ event }) => event.data.email)).toEqual([email, email, next]);
});

test('a password that is reset by a mailed link is told', async () => {
  const { id, email } = await registerPerson(server);
  await run(
    server.client,
    `mutation { requestPasswordReset(email: "${email}") { errors { code } } }`,
  );
  const { token } = await newestMail(server, email);
  await run(
    server.client,
    `mutation ($token: String!) {
      resetPassword(token: $token, password: "a third horse") { errors { code } } }`,
    { token },
  );
  await receiver.about(id, 1, 'user.password_changed');
});

test('an account that is made for somebody is told with all its roles', async () => {
  const email = newEmail();
  const { data } = await owner.client.graphql<{ createUser: { user: { id: string } } }>(
    `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }`,
    { input: { email, roles: ['Admin'], confirmed: true } },
  );
  const { id } = data.createUser.user;
  const [created] = await receiver.about(id, 1);
  expect(created?.event).toMatchObject({
    type: 'user.created',
    data: { email, roles: ['Admin', 'User'], confirmedAt: expect.any(String) as string },
  });
  expect(
    (await deliveriesOf(owner.client, webhookId)).filter((one) => one.userId === id),
  ).toHaveLength(1);
});

test('a transfer of ownership is told of both', async () => {
  const heir = await registerPerson(server);
  const transfer = (client: Client, id: string) =>
    run(
      client,
      `mutation ($id: ID!) { transferOwnership(userId: $id, currentPassword: "${password}") {
        errors { code } } }`,
      { id },
    );
  await transfer(owner.client, heir.id);
  const [gained] = await receiver.about(heir.id, 1, 'user.role_changed');
  expect(gained?.event.data.roles).toContain('Owner');
  const lost = await receiver.about(owner.id, 1, 'user.role_changed');
  // One transaction took two roles away and gave one: it is told once, as it ended.
  expect(lost.map(({ event }) => event.data.roles)).toEqual([['User']]);
  await transfer(heir.client, owner.id);
});

test('what is rolled back is told to nobody', async () => {
  const person = await registerPerson(server);
  await receiver.about(person.id, 2);
  await refuseAudit(server.database, 'role.assigned');
  const { code } = await owner.client.graphql(
    'mutation ($id: ID!) { promoteToAdmin(userId: $id) { errors { code } } }',
    { id: person.id },
  );
  expect(code).toBe('INTERNAL_SERVER_ERROR');
  const email = newEmail();
  const { code: refused } = await server.client.graphql(
    'mutation ($input: RegisterInput!) { register(input: $input) { errors { code } } }',
    { input: { email, password } },
  );
  expect(refused).toBe('INTERNAL_SERVER_ERROR');
  const told = await server.database.query(
    `SELECT FROM webhook_deliveries WHERE data ->> 'email' = $1
       OR (user_id = $2 AND type = 'user.role_changed')`,
    [email, person.id],
  );
  expect(told).toEqual([]);
});

test('a change is not made where telling it cannot be noted', async () => {
  const { id } = await registerPerson(server);
  await receiver.about(id, 2);
  await server.database.query(
    `ALTER TABLE webhook_deliveries
     ADD CONSTRAINT refused_by_test CHECK (type <> 'user.deactivated') NOT VALID`,
  );
  const { code } = await owner.client.graphql(
    'mutation ($id: ID!) { updateUserStatus(userId: $id, isActive: false) { errors { code } } }',
    { id },
  );
  await server.database.query('ALTER TABLE webhook_deliveries DROP CONSTRAINT refused_by_test');
  expect(code).toBe('INTERNAL_SERVER_ERROR');
  const [row] = await server.database.query('SELECT is_active FROM users WHERE id = $1', [id]);
  expect(row).toEqual({ is_active: true });
});

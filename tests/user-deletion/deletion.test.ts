import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  deleteUser,
  refusals,
  updateUserProfile,
  updateUserStatus,
} from '../administration/accounts.ts';
import { makeKey } from '../api-key/keys.ts';
import { auditOf } from '../audit/audit.ts';
import { requestEmailChange } from '../email/addresses.ts';
import { update } from '../profile/profiles.ts';
import { requestReset } from '../recovery/resets.ts';
import { assignRole, ending, refuseAudit } from '../role/role-operations.ts';
import { loginCodes, signInAgain, whoIs } from '../session/sessions.ts';
import { commitDuring } from '../support/locks.ts';
import { mailsTo } from '../support/mailbox.ts';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
let person: Person;

beforeAll(async () => {
  server = await startTestServer();
  staff = await registerStaff(server);
});
beforeEach(async () => {
  person = await registerPerson(server);
});
afterAll(() => server.stop());

/** Every table of ours, as text. */
async function wholeDatabase(): Promise<string> {
  const tables = await server.database.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await server.database.query<{ line: string }>(
      `SELECT t::text AS line FROM "${name}" t`,
    );
    texts.push(...rows.map(({ line }) => line));
  }
  return texts.join('\n');
}

describe('a user who is deleted', () => {
  test('is nobody any more: neither token nor password is good', async () => {
    const again = await signInAgain(person, server.client);
    expect(refusals(await deleteUser(staff.admin.client, person.id))).toEqual([]);
    for (const client of [person.client, again]) expect(await whoIs(client)).toBeUndefined();
    expect(await loginCodes(server.client, person.email)).toEqual(['INVALID_CREDENTIALS']);
    const { data } = await staff.admin.client.graphql('query ($id: ID!) { user(id: $id) { id } }', {
      id: person.id,
    });
    expect(data).toEqual({ user: null });
  });

  test('leaves address and username to others', async () => {
    const { email, username } = person;
    await deleteUser(staff.admin.client, person.id);
    const next = await registerPerson(server, { email, username });
    expect(next.id).not.toBe(person.id);
  });

  test('is told of nowhere in the database', async () => {
    person = await registerPerson(server, { email: 'secret.person@example.com' });
    const elsewhere = 'secret.change@example.com';
    const from = { 'user-agent': 'Unforgettable/1.0' };
    const browser = await signInAgain(person, server.client.with(from));
    await update(browser, { lastName: 'Unforgettable', timezone: 'Asia/Tokyo' });
    await updateUserProfile(staff.admin.client, person.id, { username: 'unforgettable_one' });
    await requestReset(server.client.with(from), person.email);
    await loginCodes(server.client.with(from), person.email, { password: 'wrong' });
    await requestEmailChange(browser, elsewhere);
    expect(await mailsTo(server, person.email)).not.toEqual([]);
    expect(await mailsTo(server, elsewhere)).toHaveLength(1);
    expect(await wholeDatabase()).toMatch(/secret\.person/);
    await deleteUser(staff.admin.client, person.id);
    expect(await wholeDatabase()).not.toMatch(/secret\.(person|change)|unforgettable|Asia.Tokyo/i);
  });

  test('leaves what happened: actions, actors, ids and the names of fields', async () => {
    await update(person.client, { lastName: 'Unforgettable', timezone: 'Asia/Tokyo' });
    await updateUserStatus(staff.admin.client, person.id, false);
    const before = await auditOf(server.database, person.id);
    await deleteUser(staff.owner.client, person.id);
    const after = await auditOf(server.database, person.id);
    expect(after.map(({ action, actor_id }) => [action, actor_id])).toEqual([
      ...before.map(({ action, actor_id }) => [action, actor_id]),
      ['user.deleted', staff.owner.id],
    ]);
    const own = { address: null, user_agent: null };
    const byAdmin = { address: '127.0.0.1', user_agent: 'node' };
    expect(after).toMatchObject([
      { action: 'user.registered', ...own },
      { action: 'role.assigned', ...own, metadata: { role: 'User' } },
      { action: 'session.opened', ...own },
      { action: 'profile.updated', ...own, metadata: { changed: ['lastName', 'timezone'] } },
      { action: 'user.deactivated', ...byAdmin, metadata: { sessionsEnded: 1 } },
      { action: 'user.deleted', ...byAdmin, metadata: {} },
    ]);
  });

  test('is not told of by what they did to others, which stays', async () => {
    const admin = await registerPerson(server);
    await assignRole(staff.owner.client, admin.id, 'Admin');
    await updateUserStatus(admin.client, person.id, false);
    await deleteUser(staff.owner.client, admin.id);
    const entries = await auditOf(server.database, person.id);
    expect(entries.at(-1)).toMatchObject({
      action: 'user.deactivated',
      actor_id: admin.id,
      address: null,
      user_agent: null,
      metadata: { sessionsEnded: 1 },
    });
    expect(entries[0]).toMatchObject({ action: 'user.registered', address: '127.0.0.1' });
  });

  test('takes nothing of others along', async () => {
    const mails = () =>
      server.database.query('SELECT id FROM mails WHERE user_id IS DISTINCT FROM $1 ORDER BY id', [
        person.id,
      ]);
    const others = [await auditOf(server.database, staff.user.id), await mails()];
    await deleteUser(staff.admin.client, person.id);
    expect([await auditOf(server.database, staff.user.id), await mails()]).toEqual(others);
    expect(await whoIs(staff.user.client)).toBe(staff.user.id);
  });
});

test('keys with USERS_WRITE delete ordinary users, and are recorded', async () => {
  const key = await makeKey(server, 'USERS_WRITE');
  expect(ending(await deleteUser(key.client, person.id))).toBe('ok');
  const last = (await auditOf(server.database, person.id)).at(-1);
  expect(last).toMatchObject({ action: 'user.deleted', actor_type: 'key', actor_id: key.id });
});

test('the last Owner is not deleted, and nobody deletes themselves', async () => {
  const mighty = await makeKey(server, 'USERS_WRITE', 'ROLES_WRITE');
  for (const client of [staff.owner.client, mighty.client]) {
    const answer = await deleteUser(client, staff.owner.id);
    expect(refusals(answer)).toEqual(['userId CANNOT_REMOVE_LAST_OWNER']);
  }
  const own = await deleteUser(staff.admin.client, staff.admin.id);
  expect(refusals(own)).toEqual(['null INSUFFICIENT_PERMISSIONS']);
  for (const one of [staff.owner, staff.admin]) expect(await whoIs(one.client)).toBe(one.id);
});

test('what cannot be recorded is not done', async () => {
  await refuseAudit(server.database, 'user.deleted');
  const before = await auditOf(server.database, person.id);
  expect((await deleteUser(staff.admin.client, person.id)).code).toBe('INTERNAL_SERVER_ERROR');
  expect(await whoIs(person.client)).toBe(person.id);
  expect(await auditOf(server.database, person.id)).toEqual(before);
});

test('of twenty deletions at once one is done, and the others find nobody', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => deleteUser(staff.admin.client, person.id)),
  );
  const endings = answers.map(ending).sort();
  expect(endings).toEqual([...Array<string>(19).fill('NOT_FOUND'), 'ok']);
});

test('signing in while being deleted is no fault', async () => {
  const deletion = { sql: 'DELETE FROM users WHERE id = $1', values: [person.id] };
  const codes = await commitDuring(server.database, deletion, () =>
    loginCodes(server.client, person.email),
  );
  expect(codes).toEqual(['INVALID_CREDENTIALS']);
});

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { arrangeToken } from '../recovery/resets.ts';
import { assignRole, ending, promoteToAdmin, setRoles } from '../role/role-operations.ts';
import { currentSession, signInAgain } from '../session/sessions.ts';
import { commitDuring } from '../support/locks.ts';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  adminSetPassword,
  changeConfirmation,
  deleteUser,
  revokeToken,
  revokeUserSessions,
  updateUserProfile,
  updateUserStatus,
} from './accounts.ts';

let server: TestServer;
let elsewhere: TestServer;
let owner: Person;
let admin: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  elsewhere = await startTestServer({ RUN_JOBS: 'false' }, server.database);
  ({ owner, admin, user } = await registerStaff(server));
});
beforeEach(() => setRoles(server.database, { [admin.id]: ['Admin'], [user.id]: ['User'] }));
afterAll(async () => {
  await elsewhere.stop();
  await server.stop();
});

async function tokenId(): Promise<string> {
  await arrangeToken(server, user);
  const [token] = await server.database.query<{ id: string }>(
    'SELECT id FROM one_time_tokens WHERE user_id = $1',
    [user.id],
  );
  return token?.id ?? '';
}

const operations: readonly { name: string; run: () => Promise<Parameters<typeof ending>[0]> }[] = [
  {
    name: 'updateUserProfile',
    run: () => updateUserProfile(admin.client, user.id, { firstName: 'X' }),
  },
  { name: 'updateUserStatus', run: () => updateUserStatus(admin.client, user.id, false) },
  {
    name: 'adminUnconfirmUser',
    run: () => changeConfirmation(admin.client, 'adminUnconfirmUser', user.id),
  },
  { name: 'adminSetPassword', run: () => adminSetPassword(admin.client, user.id) },
  { name: 'revokeUserSessions', run: () => revokeUserSessions(admin.client, user.id) },
  { name: 'revokeToken', run: async () => revokeToken(admin.client, await tokenId()) },
  { name: 'deleteUser', run: () => deleteUser(admin.client, user.id) },
  { name: 'assignRole', run: () => assignRole(admin.client, user.id, 'User') },
];

/** What anybody who gives a role does: lock the user, then write. */
const promotion = (id: string) => ({
  sql: `WITH locked AS MATERIALIZED (SELECT id FROM users WHERE id = '${id}' FOR NO KEY UPDATE)
    INSERT INTO role_assignments (user_id, role_id, assigned_at)
    SELECT locked.id, roles.id, now() FROM locked, roles WHERE roles.name = 'Admin'`,
  values: [],
});

describe('a user who becomes an Admin in that moment is not touched by an Admin', () => {
  test.each(operations)('$name', async ({ run }) => {
    const answer = await commitDuring(server.database, promotion(user.id), run);
    expect(ending(answer)).toBe('INSUFFICIENT_PERMISSIONS');
    const [row] = await server.database.query(
      'SELECT first_name, is_active, confirmed_at IS NOT NULL AS confirmed FROM users WHERE id = $1',
      [user.id],
    );
    expect(row).toEqual({ first_name: null, is_active: true, confirmed: true });
  });
});

test('promotions and resets of the password at once: whoever is second sees the first', async () => {
  const seen = new Set<string>();
  for (let round = 0; round < 20; round += 1) {
    await setRoles(server.database, { [user.id]: ['User'] });
    await server.database.query('DELETE FROM audit_events');
    // It is hashed first. So the promotion comes later from round to round, in the last one after all.
    const setting = adminSetPassword(admin.client, user.id, `the password of round ${round}`);
    await (round < 19 ? pause(round) : setting);
    const [set] = await Promise.all([
      setting,
      promoteToAdmin(elsewhere.client.withToken(owner.token), user.id),
    ]);
    const order = await server.database.query<{ action: string }>(
      `SELECT action FROM audit_events WHERE action IN ('password.set', 'role.assigned')
       ORDER BY id`,
    );
    const actions = order.map(({ action }) => action);
    if (ending(set) === 'ok') expect(actions[0]).toBe('password.set');
    else expect(actions).toEqual(['role.assigned']);
    seen.add(ending(set));
  }
  expect([...seen].sort()).toEqual(['INSUFFICIENT_PERMISSIONS', 'ok']);
});

test('administrators who act on each other, on everyone and on themselves wait in no ring', async () => {
  // Somebody new: resets of the password have ended the sessions of the user before.
  const people = [owner, admin, await registerPerson(server)];
  await setRoles(server.database, Object.fromEntries(people.map(({ id }) => [id, ['Owner']])));
  const answers = await Promise.all(
    Array.from({ length: 90 }, (_, index) => {
      const caller = people[index % 3] ?? owner;
      const target = people[Math.floor(index / 3) % 3] ?? owner;
      const client = (index % 2 === 0 ? server : elsewhere).client.withToken(caller.token);
      return updateUserProfile(client, target.id, { lastName: `Number ${index}` });
    }),
  );
  for (const { errors, data } of answers) {
    expect(errors).toEqual([]);
    expect(data.outcome?.errors).toEqual([]);
  }
  await setRoles(server.database, { [owner.id]: ['Owner'] });
  expect((await currentSession(await signInAgain(owner, server.client))).isCurrent).toBe(true);
});

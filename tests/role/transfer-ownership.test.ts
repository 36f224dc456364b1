import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { password, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  allAssignments,
  ending,
  missingId,
  refuseAudit,
  roleAudit,
  setRoles,
  transferOwnership,
} from './role-operations.ts';

let server: TestServer;
let owner: Person;
let admin: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer();
  ({ owner, admin, user } = await registerStaff(server));
});
beforeEach(async () => {
  await setRoles(server.database, {
    [owner.id]: ['Owner'],
    [admin.id]: ['Admin', 'User'],
    [user.id]: ['User'],
  });
  await server.database.query('UPDATE users SET is_active = true');
  await server.database.query('DELETE FROM audit_events');
});
afterAll(() => server.stop());

async function rolesOf(person: Person): Promise<readonly string[]> {
  const { data } = await person.client.graphql<{ me: { roleNames: string[] } }>(
    '{ me { roleNames } }',
  );
  return data.me.roleNames;
}

test('makes the heir an Owner and the former one an ordinary user', async () => {
  const { data } = await transferOwnership(owner.client, user.id);
  expect(data.outcome).toEqual({ user: { id: user.id, roleNames: ['Owner', 'User'] }, errors: [] });
  expect(await rolesOf(user)).toEqual(['Owner', 'User']);
  expect(await rolesOf(owner)).toEqual(['User']);
});

test('leaves the former Owner what else was held, but not Admin', async () => {
  await setRoles(server.database, { [owner.id]: ['Admin', 'Owner', 'User'] });
  await transferOwnership(owner.client, admin.id);
  expect(await rolesOf(owner)).toEqual(['User']);
  expect(await rolesOf(admin)).toEqual(['Admin', 'Owner', 'User']);
});

test('with keepOwn there are two Owners', async () => {
  await transferOwnership(owner.client, user.id, { keepOwn: true });
  expect(await rolesOf(owner)).toEqual(['Owner']);
  expect(await rolesOf(user)).toEqual(['Owner', 'User']);
});

test('to one who is an Owner already, only steps down', async () => {
  await setRoles(server.database, { [admin.id]: ['Owner'] });
  expect(ending(await transferOwnership(owner.client, admin.id))).toBe('ok');
  expect(await rolesOf(owner)).toEqual(['User']);
  expect(await rolesOf(admin)).toEqual(['Owner']);
});

test('is audited: what was given, what was taken, and the transfer itself', async () => {
  await transferOwnership(owner.client, user.id);
  const entries = await roleAudit(server.database);
  expect(entries.map((entry) => [entry.action, entry.subject_id, entry.metadata])).toEqual([
    ['role.assigned', user.id, { role: 'Owner' }],
    ['role.removed', owner.id, { role: 'Owner' }],
    ['role.assigned', owner.id, { role: 'User' }],
    ['ownership.transferred', user.id, { from: owner.id, keepOwn: false }],
  ]);
  expect(new Set(entries.map((entry) => entry.actor_id))).toEqual(new Set([owner.id]));
});

const wrongPasswords = [
  { what: 'a wrong one', currentPassword: 'not the password' },
  { what: 'an empty one', currentPassword: '' },
  { what: 'one in other case', currentPassword: password.toUpperCase() },
  { what: 'one of 100,000 characters', currentPassword: 'x'.repeat(100_000) },
  { what: 'one with NUL', currentPassword: `${password}\0` },
];

test.each(wrongPasswords)(
  'changes nothing when the password is $what',
  async ({ currentPassword }) => {
    const before = await allAssignments(server.database);
    const { data } = await transferOwnership(owner.client, user.id, { currentPassword });
    expect(data.outcome).toMatchObject({
      user: null,
      errors: [{ code: 'INVALID_CREDENTIALS', field: 'currentPassword' }],
    });
    expect(await allAssignments(server.database)).toEqual(before);
    expect(await roleAudit(server.database)).toEqual([]);
  },
);

test('is refused to oneself, whatever the case of the id', async () => {
  for (const id of [owner.id, owner.id.toUpperCase()]) {
    const { data } = await transferOwnership(owner.client, id);
    expect(data.outcome).toMatchObject({
      user: null,
      errors: [{ code: 'INVALID', field: 'userId' }],
    });
  }
  expect(await rolesOf(owner)).toEqual(['Owner']);
});

test('is refused to an inactive user', async () => {
  await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [user.id]);
  const before = await allAssignments(server.database);
  const { data } = await transferOwnership(owner.client, user.id);
  expect(data.outcome).toMatchObject({
    user: null,
    errors: [{ code: 'ACCOUNT_INACTIVE', field: 'userId' }],
  });
  expect(await allAssignments(server.database)).toEqual(before);
});

test.each([missingId, 'nobody', ''])('answers NOT_FOUND for the user id %j', async (id) => {
  const { data } = await transferOwnership(owner.client, id);
  expect(data.outcome).toMatchObject({
    user: null,
    errors: [{ code: 'NOT_FOUND', field: 'userId' }],
  });
});

test('changes nothing when its last audit entry cannot be written', async () => {
  await refuseAudit(server.database, 'ownership.transferred');
  const before = await allAssignments(server.database);
  expect(ending(await transferOwnership(owner.client, user.id))).toBe('INTERNAL_SERVER_ERROR');
  expect(await allAssignments(server.database)).toEqual(before);
  expect(await roleAudit(server.database)).toEqual([]);
});

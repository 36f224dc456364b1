import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  addRole,
  allAssignments,
  demoteToUser,
  ending,
  missingId,
  removeRole,
  refuseAudit,
  roleAudit,
  setRoles,
} from './role-operations.ts';

let server: TestServer;
let owner: Person;
let admin: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer();
  ({ owner, admin, user } = await registerStaff(server));
  await addRole(server.database, 'Editor');
});
beforeEach(async () => {
  await setRoles(server.database, {
    [owner.id]: ['Owner'],
    [admin.id]: ['Admin', 'User'],
    [user.id]: ['User'],
  });
  await server.database.query('DELETE FROM audit_events');
});
afterAll(() => server.stop());

describe('removeRole', () => {
  test('takes a role away, whatever the case of its name, and is audited', async () => {
    await setRoles(server.database, { [user.id]: ['Editor', 'User'] });
    const { data } = await removeRole(admin.client, user.id, ' EDITOR');
    expect(data.outcome).toEqual({ user: { id: user.id, roleNames: ['User'] }, errors: [] });
    expect(await roleAudit(server.database)).toEqual([
      {
        action: 'role.removed',
        actor_id: admin.id,
        subject_id: user.id,
        metadata: { role: 'Editor' },
      },
    ]);
  });

  test('takes the last role away as well: a user may have none', async () => {
    const { data } = await removeRole(admin.client, user.id, 'User');
    expect(data.outcome?.user?.roleNames).toEqual([]);
    const me = await user.client.graphql<{ me: { roles: unknown[]; hasRole: boolean } }>(
      '{ me { roles { name } hasRole(name: "User") } }',
    );
    expect(me.data.me).toEqual({ roles: [], hasRole: false });
  });

  test.each(['Editor', 'Nobody', '', 'Edi\0tor'])(
    'answers ASSIGNMENT_NOT_FOUND for %j, which the user does not hold',
    async (name) => {
      const { data } = await removeRole(owner.client, user.id, name);
      expect(data.outcome).toMatchObject({
        user: null,
        errors: [{ code: 'ASSIGNMENT_NOT_FOUND', field: 'role' }],
      });
      expect(await roleAudit(server.database)).toEqual([]);
    },
  );

  test.each([missingId, 'nobody', ''])('answers NOT_FOUND for the user id %j', async (id) => {
    const { data } = await removeRole(owner.client, id, 'User');
    expect(data.outcome).toMatchObject({
      user: null,
      errors: [{ code: 'NOT_FOUND', field: 'userId' }],
    });
  });

  test('of twenty removals at once one succeeds and one is audited', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => removeRole(admin.client, user.id, 'User')),
    );
    const endings = answers.map(ending);
    expect(endings.filter((one) => one === 'ok')).toHaveLength(1);
    expect(endings.filter((one) => one === 'ASSIGNMENT_NOT_FOUND')).toHaveLength(19);
    expect(await roleAudit(server.database)).toHaveLength(1);
  });

  test('lets only an Owner take Admin away, and it ends on the very next request', async () => {
    expect(ending(await removeRole(admin.client, admin.id, 'Admin'))).toBe(
      'INSUFFICIENT_PERMISSIONS',
    );
    expect(ending(await removeRole(owner.client, admin.id, 'Admin'))).toBe('ok');
    expect((await admin.client.graphql('{ users { page } }')).code).toBe('FORBIDDEN');
  });

  test('takes nothing away when its audit entry cannot be written', async () => {
    await refuseAudit(server.database);
    const before = await allAssignments(server.database);
    expect(ending(await removeRole(owner.client, admin.id, 'Admin'))).toBe('INTERNAL_SERVER_ERROR');
    expect(await allAssignments(server.database)).toEqual(before);
  });
});

describe('demoteToUser', () => {
  test.each([
    { before: ['Admin', 'User'], after: ['User'] },
    { before: ['Admin'], after: ['User'] },
    { before: ['Owner'], after: ['User'] },
    { before: ['Admin', 'Owner'], after: ['User'] },
    { before: ['Admin', 'Editor'], after: ['Editor', 'User'] },
    { before: ['Editor', 'Owner', 'User'], after: ['Editor', 'User'] },
  ])('leaves $after of $before', async ({ before, after }) => {
    await setRoles(server.database, { [user.id]: before });
    const { data } = await demoteToUser(owner.client, user.id);
    expect(data.outcome).toEqual({ user: { id: user.id, roleNames: after }, errors: [] });
  });

  test('is audited role by role', async () => {
    await setRoles(server.database, { [user.id]: ['Admin', 'Owner'] });
    await demoteToUser(owner.client, user.id);
    const entries = await roleAudit(server.database);
    expect(entries.map(({ action, metadata }) => [action, metadata])).toEqual([
      ['role.removed', { role: 'Owner' }],
      ['role.removed', { role: 'Admin' }],
      ['role.assigned', { role: 'User' }],
    ]);
    for (const entry of entries) {
      expect(entry).toMatchObject({ actor_id: owner.id, subject_id: user.id });
    }
  });

  test.each([{ roles: ['User'] }, { roles: ['Editor'] }, { roles: [] }])(
    'answers NO_ROLE_TO_DEMOTE for the holder of $roles and gives nothing',
    async ({ roles }) => {
      await setRoles(server.database, { [user.id]: roles });
      const before = await allAssignments(server.database);
      const { data } = await demoteToUser(owner.client, user.id);
      expect(data.outcome).toMatchObject({
        user: null,
        errors: [{ code: 'NO_ROLE_TO_DEMOTE', field: 'userId' }],
      });
      expect(await allAssignments(server.database)).toEqual(before);
      expect(await roleAudit(server.database)).toEqual([]);
    },
  );

  test('changes nothing when its audit entries cannot be written', async () => {
    await refuseAudit(server.database, 'role.removed');
    const before = await allAssignments(server.database);
    expect(ending(await demoteToUser(owner.client, admin.id))).toBe('INTERNAL_SERVER_ERROR');
    expect(await allAssignments(server.database)).toEqual(before);
  });
});

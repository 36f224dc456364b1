import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  addRole,
  allAssignments,
  assignRole,
  ending,
  missingId,
  promoteToAdmin,
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

describe('assignRole', () => {
  test('answers who holds which role now, by whom and since when', async () => {
    const before = Date.now();
    const { data, errors } = await assignRole(admin.client, user.id, 'Editor');
    expect(errors).toEqual([]);
    expect(data.outcome).toMatchObject({
      roleAssignment: {
        user: { id: user.id, roleNames: ['Editor', 'User'] },
        role: { name: 'Editor' },
        assignedBy: { id: admin.id },
      },
      errors: [],
    });
    const assignedAt = Date.parse(data.outcome?.roleAssignment?.assignedAt ?? '');
    expect(Math.abs(assignedAt - before)).toBeLessThan(60_000);
  });

  test('repeated, answers the first assignment and is audited once', async () => {
    const first = await assignRole(admin.client, user.id, 'Editor');
    const second = await assignRole(owner.client, user.id, 'Editor');
    expect(second.data).toEqual(first.data);
    expect(await roleAudit(server.database)).toEqual([
      {
        action: 'role.assigned',
        actor_id: admin.id,
        subject_id: user.id,
        metadata: { role: 'Editor' },
      },
    ]);
  });

  test('repeated twenty times at once, gives the role once and is audited once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => assignRole(admin.client, user.id, 'Editor')),
    );
    expect(answers.map(ending)).toEqual(Array(20).fill('ok'));
    expect(await roleAudit(server.database)).toHaveLength(1);
  });

  test.each(['eDiToR', '  Editor ', 'editor'])('finds the role as %j', async (name) => {
    const { data } = await assignRole(admin.client, user.id, name);
    expect(data.outcome?.roleAssignment?.role).toEqual({ name: 'Editor' });
  });

  test.each([
    ['nobody has', 'Nobody'],
    ['is empty', ''],
    ['is blank', '   '],
    ['holds NUL', 'Edi\0tor'],
    ['is a pattern', 'Ed%'],
    ['is an emoji', '😀'],
    ['is very long', 'x'.repeat(10_000)],
  ])('answers ROLE_NOT_FOUND for a name that %s', async (_, name) => {
    const { data } = await assignRole(admin.client, user.id, name);
    expect(data.outcome).toMatchObject({
      roleAssignment: null,
      errors: [{ code: 'ROLE_NOT_FOUND', field: 'role' }],
    });
  });

  test('never gives Owner, in whatever case it is written', async () => {
    const before = await allAssignments(server.database);
    for (const name of ['Owner', 'owner', ' OWNER ']) {
      const { data } = await assignRole(owner.client, user.id, name);
      expect(data.outcome).toMatchObject({
        roleAssignment: null,
        errors: [{ code: 'OWNER_ROLE_PROTECTED', field: 'role' }],
      });
    }
    expect(await allAssignments(server.database)).toEqual(before);
  });

  test.each([missingId, 'nobody', '', "' OR true --", '1'])(
    'answers NOT_FOUND for the user id %j',
    async (id) => {
      const { data } = await assignRole(owner.client, id, 'Editor');
      expect(data.outcome).toMatchObject({
        roleAssignment: null,
        errors: [{ code: 'NOT_FOUND', field: 'userId' }],
      });
    },
  );

  test('takes an id in capital letters for the same user', async () => {
    const { data } = await assignRole(owner.client, user.id.toUpperCase(), 'Editor');
    expect(data.outcome?.roleAssignment?.user.id).toBe(user.id);
  });

  test('lets only an Owner give Admin', async () => {
    expect(ending(await assignRole(admin.client, user.id, 'Admin'))).toBe(
      'INSUFFICIENT_PERMISSIONS',
    );
    expect(ending(await assignRole(owner.client, user.id, 'admin'))).toBe('ok');
  });

  test('that is refused leaves no trace in the audit log', async () => {
    await assignRole(admin.client, owner.id, 'Editor');
    await assignRole(admin.client, user.id, 'Nobody');
    expect(await roleAudit(server.database)).toEqual([]);
  });

  test('gives nothing when its audit entry cannot be written', async () => {
    await refuseAudit(server.database);
    const before = await allAssignments(server.database);
    const { code } = await assignRole(admin.client, user.id, 'Editor');
    expect(code).toBe('INTERNAL_SERVER_ERROR');
    expect(await allAssignments(server.database)).toEqual(before);
  });
});

describe('promoteToAdmin', () => {
  test('gives Admin beside what is held, once however often', async () => {
    const { data } = await promoteToAdmin(owner.client, user.id);
    expect(data.outcome).toMatchObject({
      roleAssignment: {
        user: { id: user.id, roleNames: ['Admin', 'User'] },
        role: { name: 'Admin' },
        assignedBy: { id: owner.id },
      },
      errors: [],
    });
    expect(ending(await promoteToAdmin(owner.client, user.id))).toBe('ok');
    expect(await roleAudit(server.database)).toHaveLength(1);
  });

  test('takes effect on the very next request of the one promoted', async () => {
    expect((await user.client.graphql('{ users { page } }')).code).toBe('FORBIDDEN');
    await promoteToAdmin(owner.client, user.id);
    expect((await user.client.graphql('{ users { page } }')).errors).toEqual([]);
  });
});

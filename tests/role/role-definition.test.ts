import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import { registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  allRoles,
  createRole,
  deleteRole,
  endingOf,
  refusalsOf,
  roleId,
  updateRole,
} from './role-definitions.ts';
import { addRole, assignRole, missingId, refuseAudit, roleAudit } from './role-operations.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
let admin: Person;
let editor: string;

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  staff = await registerStaff(server);
  ({ admin } = staff);
});
beforeEach(async () => {
  await server.database.query(
    'DELETE FROM role_assignments a USING roles r WHERE r.id = a.role_id AND NOT r.is_system',
  );
  await server.database.query('DELETE FROM roles WHERE NOT is_system');
  await server.database.query('DELETE FROM audit_events');
  await addRole(server.database, 'Editor');
  editor = await roleId(server.database, 'Editor');
});
afterAll(() => server.stop());

const tooLong = { name: 'x'.repeat(51), description: 'x'.repeat(501) };

// What both operations refuse of a name and a description, everything at once.
const refused: readonly [string, { name: string; description?: string }, string[]][] = [
  ['an empty name', { name: '' }, ['REQUIRED name']],
  ['a blank name', { name: ' \t\n ' }, ['REQUIRED name']],
  ['a name of 51 characters', { name: tooLong.name }, ['TOO_LONG name']],
  ['a name with NUL', { name: 'Au\0tor' }, ['INVALID name']],
  ['a name with a line feed', { name: 'Au\ntor' }, ['INVALID name']],
  ['half a character', { name: 'Autor\ud800' }, ['INVALID name']],
  ['the name of a role', { name: 'Support' }, ['TAKEN name']],
  ['the name of a role in another case', { name: '  sUPPORT ' }, ['TAKEN name']],
  ['the name of a role of Gatehouse', { name: 'owner' }, ['TAKEN name']],
  [
    'a description of 501 characters',
    { name: 'Autor', description: tooLong.description },
    ['TOO_LONG description'],
  ],
  [
    'a description with an escape',
    { name: 'Autor', description: 'a\x1b[2J' },
    ['INVALID description'],
  ],
  ['a name and a description too long', tooLong, ['TOO_LONG name', 'TOO_LONG description']],
  [
    'a taken name and a description with NUL',
    { name: 'support', description: '\0' },
    ['TAKEN name', 'INVALID description'],
  ],
];

describe.each([
  ['createRole', (fields: { name: string }) => createRole(admin.client, fields)],
  ['updateRole', (fields: { name: string }) => updateRole(admin.client, editor, fields)],
] as const)('%s', (_, run) => {
  test.each(refused)('refuses %s', async (_, fields, expected) => {
    await addRole(server.database, 'Support');
    const before = await allRoles(server.database);
    const answer = await run(fields);
    expect(answer.data.outcome?.role).toBeNull();
    expect(refusalsOf(answer)).toEqual(expected);
    expect(await allRoles(server.database)).toEqual(before);
    expect(await roleAudit(server.database)).toEqual([]);
  });

  test.each(['😀'.repeat(50), 'A', 'Éditeur', 'محرر', "Robert'); --", '100%_\\'])(
    'takes the name %j',
    async (name) => {
      const { data } = await run({ name });
      expect(data.outcome).toMatchObject({ role: { name }, errors: [] });
    },
  );
});

describe('createRole', () => {
  test('makes a role of normalised text that nobody holds, and records it', async () => {
    const { data, errors } = await createRole(admin.client, {
      name: '  Re\u0301dacteur ',
      description: ' Writes what is published. ',
    });
    expect(errors).toEqual([]);
    const role = data.outcome?.role;
    expect(role).toMatchObject({
      name: 'Rédacteur',
      description: 'Writes what is published.',
      isSystem: false,
    });
    expect(await roleAudit(server.database)).toEqual([
      {
        action: 'role.created',
        actor_id: admin.id,
        subject_id: null,
        metadata: {
          roleId: role?.id,
          role: 'Rédacteur',
          description: 'Writes what is published.',
        },
      },
    ]);
    const { data: given } = await assignRole(admin.client, staff.user.id, 'rédacteur');
    expect(given.outcome?.roleAssignment?.role).toEqual({ name: 'Rédacteur' });
  });

  test.each([undefined, null, '', '  '])('takes %j for no description', async (description) => {
    const { data } = await createRole(admin.client, {
      name: 'Autor',
      ...(description === undefined ? {} : { description }),
    });
    expect(data.outcome?.role?.description).toBeNull();
  });

  test('makes nothing when its audit entry cannot be written', async () => {
    await refuseAudit(server.database, 'role.created');
    const before = await allRoles(server.database);
    expect(endingOf(await createRole(admin.client, { name: 'Autor' }))).toBe(
      'INTERNAL_SERVER_ERROR',
    );
    expect(await allRoles(server.database)).toEqual(before);
  });
});

describe('updateRole', () => {
  test('changes what is given, leaves the rest, and records from and to', async () => {
    const described = await updateRole(admin.client, editor, { description: 'Edits.' });
    expect(described.data.outcome?.role).toMatchObject({ name: 'Editor', description: 'Edits.' });
    const renamed = await updateRole(admin.client, editor, { name: 'Redaktion' });
    expect(renamed.data.outcome?.role).toMatchObject({ name: 'Redaktion', description: 'Edits.' });
    const cleared = await updateRole(admin.client, editor, { description: null });
    expect(cleared.data.outcome?.role).toMatchObject({ name: 'Redaktion', description: null });
    const entries = await roleAudit(server.database);
    expect(entries.map(({ action, metadata }) => [action, metadata])).toEqual([
      [
        'role.updated',
        { roleId: editor, role: 'Editor', changes: { description: { from: null, to: 'Edits.' } } },
      ],
      [
        'role.updated',
        { roleId: editor, role: 'Editor', changes: { name: { from: 'Editor', to: 'Redaktion' } } },
      ],
      [
        'role.updated',
        {
          roleId: editor,
          role: 'Redaktion',
          changes: { description: { from: 'Edits.', to: null } },
        },
      ],
    ]);
  });

  test('lets its holders hold it under the new name', async () => {
    await assignRole(admin.client, staff.user.id, 'Editor');
    await updateRole(admin.client, editor, { name: 'Redaktion' });
    const { data } = await staff.user.client.graphql('{ me { roleNames } }');
    expect(data).toEqual({ me: { roleNames: ['Redaktion', 'User'] } });
  });

  test('may change only the case of the own name', async () => {
    const { data } = await updateRole(admin.client, editor, { name: 'EDITOR' });
    expect(data.outcome?.role?.name).toBe('EDITOR');
  });

  test.each([{}, { name: ' Editor ', description: '' }, { description: null }])(
    'given %j, changes nothing and records nothing',
    async (fields) => {
      const before = await allRoles(server.database);
      const { data } = await updateRole(admin.client, editor, fields);
      expect(data.outcome).toMatchObject({ role: { id: editor, name: 'Editor' }, errors: [] });
      expect(await allRoles(server.database)).toEqual(before);
      expect(await roleAudit(server.database)).toEqual([]);
    },
  );

  test('refuses null for a name', async () => {
    expect(refusalsOf(await updateRole(admin.client, editor, { name: null }))).toEqual([
      'REQUIRED name',
    ]);
  });

  test('changes nothing when its audit entry cannot be written', async () => {
    await refuseAudit(server.database, 'role.updated');
    const before = await allRoles(server.database);
    const answer = await updateRole(admin.client, editor, { name: 'Redaktion' });
    expect(endingOf(answer)).toBe('INTERNAL_SERVER_ERROR');
    expect(await allRoles(server.database)).toEqual(before);
  });
});

describe('deleteRole', () => {
  test('answers what the role was, and records it', async () => {
    await updateRole(admin.client, editor, { description: 'Edits.' });
    await server.database.query('DELETE FROM audit_events');
    const { data } = await deleteRole(admin.client, editor.toUpperCase());
    expect(data.outcome).toMatchObject({
      role: { id: editor, name: 'Editor', description: 'Edits.' },
      errors: [],
    });
    expect(await roleId(server.database, 'Editor')).toBe('');
    const metadata = { roleId: editor, role: 'Editor', description: 'Edits.' };
    expect(await roleAudit(server.database)).toEqual([
      { action: 'role.deleted', actor_id: admin.id, subject_id: null, metadata },
    ]);
  });

  test('refuses ROLE_IN_USE while somebody holds it', async () => {
    await assignRole(admin.client, staff.user.id, 'Editor');
    await server.database.query('DELETE FROM audit_events');
    const answer = await deleteRole(admin.client, editor);
    expect(answer.data.outcome?.role).toBeNull();
    expect(refusalsOf(answer)).toEqual(['ROLE_IN_USE id']);
    expect(await roleId(server.database, 'Editor')).toBe(editor);
    expect(await roleAudit(server.database)).toEqual([]);
  });

  test('deletes nothing when its audit entry cannot be written', async () => {
    await refuseAudit(server.database, 'role.deleted');
    expect(endingOf(await deleteRole(admin.client, editor))).toBe('INTERNAL_SERVER_ERROR');
    expect(await roleId(server.database, 'Editor')).toBe(editor);
  });
});

test.each(['Owner', 'Admin', 'User'])('%s can be neither changed nor deleted', async (name) => {
  const id = await roleId(server.database, name);
  const before = await allRoles(server.database);
  const { client } = staff.owner;
  for (const answer of [
    await updateRole(client, id, { name: 'Renamed' }),
    await updateRole(client, id, { description: 'Described.' }),
    await deleteRole(client, id),
  ]) {
    expect(answer.data.outcome?.role).toBeNull();
    expect(refusalsOf(answer)).toEqual(['SYSTEM_ROLE_PROTECTED id']);
  }
  expect(await allRoles(server.database)).toEqual(before);
  expect(await roleAudit(server.database)).toEqual([]);
});

test.each([missingId, 'Editor', '', "' OR true --", '1'])('no role has the id %j', async (id) => {
  expect(refusalsOf(await updateRole(admin.client, id, { name: 'A' }))).toEqual(['NOT_FOUND id']);
  expect(refusalsOf(await deleteRole(admin.client, id))).toEqual(['NOT_FOUND id']);
});

test('Admins, Owners and keys that may write roles define them, and nobody else', async () => {
  const clients = {
    'signed out': server.client,
    user: staff.user.client,
    admin: staff.admin.client,
    owner: staff.owner.client,
    'key of roles': (await makeKey(server, 'ROLES_WRITE')).client,
    'key of users': (await makeKey(server, 'USERS_READ', 'USERS_WRITE')).client,
  };
  const endings: Record<string, string[]> = {};
  for (const [caller, client] of Object.entries(clients)) {
    await addRole(server.database, 'Gone');
    const ids = [editor, await roleId(server.database, 'Gone')] as const;
    endings[caller] = [
      endingOf(await createRole(client, { name: `Of ${caller}` })),
      endingOf(await updateRole(client, ids[0], { description: `By ${caller}.` })),
      endingOf(await deleteRole(client, ids[1])),
    ];
    await server.database.query(`DELETE FROM roles WHERE name = 'Gone'`);
  }
  const all = (code: string) => [code, code, code];
  expect(endings).toEqual({
    'signed out': all('UNAUTHENTICATED'),
    user: all('FORBIDDEN'),
    admin: all('ok'),
    owner: all('ok'),
    'key of roles': all('ok'),
    'key of users': all('FORBIDDEN'),
  });
});

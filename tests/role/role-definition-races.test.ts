import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { commitDuring } from '../support/locks.ts';
import { newEmail, password, registerMutation, registerStaff } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import type { Client } from '../support/client.ts';
import {
  allRoles,
  createRole,
  deleteRole,
  endingOf,
  roleId,
  updateRole,
} from './role-definitions.ts';
import { addRole, allAssignments, assignRole, ending, removeRole } from './role-operations.ts';

// Two instances on one database; new users are made Guests.
let database: TestDatabase;
let servers: readonly [TestServer, TestServer];
let staff: Awaited<ReturnType<typeof registerStaff>>;
let admins: readonly [Client, Client];

beforeAll(async () => {
  database = await createTestDatabase();
  const environment = { DEFAULT_ROLE: 'Guest', RUN_JOBS: 'false' };
  servers = [
    await startTestServer(environment, database),
    await startTestServer(environment, database),
  ];
  staff = await registerStaff(servers[0]);
  const { token } = staff.admin;
  admins = [servers[0].client.withToken(token), servers[1].client.withToken(token)];
});
beforeEach(async () => {
  await database.query(
    'DELETE FROM role_assignments a USING roles r WHERE r.id = a.role_id AND NOT r.is_system',
  );
  await database.query('DELETE FROM roles WHERE NOT is_system');
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  await database.drop();
});

const count = (endings: readonly string[], wanted: string) =>
  endings.filter((one) => one === wanted).length;

test('of 20 who make a role of one name at once, in any case, one does', async () => {
  const names = ['Editor', 'EDITOR', 'editor', ' eDitor '];
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      createRole(admins[index % 2 === 0 ? 0 : 1], { name: names[index % 4] ?? '' }),
    ),
  );
  const endings = answers.map(endingOf);
  expect([count(endings, 'ok'), count(endings, 'TAKEN')]).toEqual([1, 19]);
  expect(await allRoles(database)).toHaveLength(4);
});

test('of two roles that are given one name at once, one has it', async () => {
  for (let round = 0; round < 10; round += 1) {
    await addRole(database, 'First');
    await addRole(database, 'Second');
    const ids = [await roleId(database, 'First'), await roleId(database, 'Second')] as const;
    const endings = (
      await Promise.all([
        updateRole(admins[0], ids[0], { name: 'Same' }),
        updateRole(admins[1], ids[1], { name: 'same' }),
      ])
    ).map(endingOf);
    expect(endings.sort()).toEqual(['TAKEN', 'ok']);
    await database.query('DELETE FROM roles WHERE NOT is_system');
  }
});

test('of 10 who delete a role at once, one does', async () => {
  await addRole(database, 'Editor');
  const id = await roleId(database, 'Editor');
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => deleteRole(admins[index % 2 === 0 ? 0 : 1], id)),
  );
  const endings = answers.map(endingOf);
  expect([count(endings, 'ok'), count(endings, 'NOT_FOUND')]).toEqual([1, 9]);
});

test('a role that is given and deleted at once is held or gone, 30 times', async () => {
  const seen = new Set<string>();
  for (let round = 0; round < 30; round += 1) {
    await addRole(database, 'Editor');
    const id = await roleId(database, 'Editor');
    // Whoever is asked first mostly is first. So they take turns, and once the second waits.
    const deleting = round % 2 === 0 ? undefined : deleteRole(admins[1], id);
    if (round === 1) await deleting;
    const [given, deleted] = await Promise.all([
      assignRole(admins[0], staff.user.id, 'Editor'),
      deleting ?? deleteRole(admins[1], id),
    ]);
    const endings = [ending(given), endingOf(deleted)];
    const held = await allAssignments(database);
    if (endings[0] === 'ok') {
      expect(endings).toEqual(['ok', 'ROLE_IN_USE']);
      expect(held).toContain(`${staff.user.id} Editor`);
      expect(ending(await removeRole(admins[0], staff.user.id, 'Editor'))).toBe('ok');
      expect(endingOf(await deleteRole(admins[1], id))).toBe('ok');
    } else {
      expect(endings).toEqual(['ROLE_NOT_FOUND', 'ok']);
      expect(held).not.toContain(`${staff.user.id} Editor`);
    }
    seen.add(endings.join());
  }
  expect(seen.size).toBe(2);
});

test('a role that is deleted while it is being given is not found', async () => {
  await addRole(database, 'Editor');
  const change = { sql: `DELETE FROM roles WHERE name = $1`, values: ['Editor'] };
  const given = await commitDuring(database, change, () =>
    assignRole(admins[0], staff.user.id, 'Editor'),
  );
  expect(ending(given)).toBe('ROLE_NOT_FOUND');
});

test('who registers while the default role is deleted is made a User', async () => {
  await addRole(database, 'Guest');
  const change = { sql: `DELETE FROM roles WHERE name = $1`, values: ['Guest'] };
  const { data } = await commitDuring(database, change, () =>
    servers[0].client.graphql<{ register: { user: { roleNames: string[] } } }>(registerMutation, {
      input: { email: newEmail(), password, signIn: true },
    }),
  );
  expect(data.register.user.roleNames).toEqual(['User']);
});

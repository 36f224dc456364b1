import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerStaff } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { addRole } from './role-operations.ts';

let server: TestServer;
let staff: Awaited<ReturnType<typeof registerStaff>>;
beforeAll(async () => {
  server = await startTestServer();
  staff = await registerStaff(server);
});
afterAll(() => server.stop());

const rolesQuery = '{ roles { id name description isSystem } }';

interface Roles {
  readonly roles: readonly { name: string; description: string | null; isSystem: boolean }[];
}

test('any signed-in user sees the roles of Gatehouse first, then the others by name', async () => {
  for (const name of ['Support', 'Editor', 'Auditor']) await addRole(server.database, name);
  const { data, errors } = await staff.user.client.graphql<Roles>(rolesQuery);
  expect(errors).toEqual([]);
  expect(data.roles.map((role) => [role.name, role.isSystem])).toEqual([
    ['Admin', true],
    ['Owner', true],
    ['User', true],
    ['Auditor', false],
    ['Editor', false],
    ['Support', false],
  ]);
});

test('the roles of Gatehouse say what they are for', async () => {
  const { data } = await staff.user.client.graphql<Roles>(rolesQuery);
  const system = data.roles.filter((role) => role.isSystem);
  for (const role of system) expect(role.description).toMatch(/\w{3}/);
});

test('nobody sees the roles without signing in', async () => {
  const { code } = await server.client.graphql(rolesQuery);
  expect(code).toBe('UNAUTHENTICATED');
});

test('hasRole disregards case, roles and roleNames come in the order of names', async () => {
  const { data } = await staff.admin.client.graphql<{ me: Record<string, unknown> }>(`{ me {
    roles { name } roleNames
    admin: hasRole(name: "aDMIN") owner: hasRole(name: "Owner") none: hasRole(name: "")
  } }`);
  expect(data.me).toEqual({
    roles: [{ name: 'Admin' }, { name: 'User' }],
    roleNames: ['Admin', 'User'],
    admin: true,
    owner: false,
    none: false,
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRole, deleteRole, endingOf, updateRole } from '../role/role-definitions.ts';
import { addRole, setRoles } from '../role/role-operations.ts';
import type { Client, UserError } from '../support/client.ts';
import { commitDuring } from '../support/locks.ts';
import { registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  defineMutation,
  removeMutation,
  reorderMutation,
  updateMutation,
} from '../custom-field/definitions.ts';

let server: TestServer;
let owner: Person;
let admin: Person;
let roleId: string;
beforeAll(async () => {
  server = await startTestServer();
  ({ owner, admin } = await registerStaff(server));
  await addRole(server.database, 'Editor');
  const [role] = await server.database.query<{ id: string }>(
    `SELECT id FROM roles WHERE name = 'Editor'`,
  );
  roleId = role?.id ?? '';
  for (const key of ['team', 'site']) {
    await owner.client.graphql(defineMutation, { input: { key, type: 'TEXT' } });
  }
});
beforeEach(() => setRoles(server.database, { [owner.id]: ['Owner'], [admin.id]: ['Admin'] }));
afterAll(() => server.stop());

async function define(client: Client, mutation: string, variables: Record<string, unknown>) {
  const { code, data } = await client.graphql<{ outcome: { errors: UserError[] } }>(
    mutation,
    variables,
  );
  return code ?? data.outcome.errors[0]?.code ?? 'ok';
}

type Change = (client: Client) => Promise<string>;

const changes: Readonly<Record<string, Change>> = {
  createRole: async (client) => endingOf(await createRole(client, { name: 'Another' })),
  updateRole: async (client) => endingOf(await updateRole(client, roleId, { name: 'Other' })),
  deleteRole: async (client) => endingOf(await deleteRole(client, roleId)),
  defineCustomField: (client) =>
    define(client, defineMutation, { input: { key: 'other', type: 'TEXT' } }),
  updateCustomFieldDefinition: (client) =>
    define(client, updateMutation, { key: 'team', input: { label: 'Other' } }),
  removeCustomFieldDefinition: (client) => define(client, removeMutation, { key: 'team' }),
  reorderCustomFields: (client) => define(client, reorderMutation, { keys: ['site', 'team'] }),
};

/** What roles and fields there are, and what has been recorded of them. */
function definitions() {
  return server.database.query(
    `SELECT (SELECT jsonb_agg(to_jsonb(r) ORDER BY id) FROM roles r) AS roles,
       (SELECT jsonb_agg(to_jsonb(d) ORDER BY key) FROM custom_field_definitions d) AS fields,
       (SELECT count(*)::int FROM audit_events) AS events`,
  );
}

// What the service does when it takes a role away: the user first, then the role.
const demotion = `WITH locked AS MATERIALIZED (SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE)
  DELETE FROM role_assignments WHERE user_id = (SELECT id FROM locked)`;
const deactivation = 'UPDATE users SET is_active = false WHERE id = $1';

describe.each(Object.entries(changes))('%s by an Admin', (_, change) => {
  test.each([
    ['demoted', demotion],
    ['deactivated', deactivation],
  ])('who is %s while asking changes nothing', async (_, sql) => {
    const before = await definitions();
    const meanwhile = { sql, values: [admin.id] };
    const ending = await commitDuring(server.database, meanwhile, () => change(admin.client));
    expect(ending).toBe('INSUFFICIENT_PERMISSIONS');
    expect(await definitions()).toEqual(before);
    await server.database.query('UPDATE users SET is_active = true WHERE id = $1', [admin.id]);
  });
});

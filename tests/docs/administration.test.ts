import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { loginMutation, password, registerStaff, registerUnconfirmed } from '../support/people.ts';
import type { Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { whoIs } from '../session/sessions.ts';
import { blocks } from './documents.ts';

// One day of an Owner, by the recipes and in their order: each sees what those before it did.
let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
let unconfirmed: Person;
let recipes: Map<string, string>;
const run = new Set<string>();

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  staff = await registerStaff(server);
  unconfirmed = await registerUnconfirmed(server, { firstName: 'Ada', lastName: 'Lovelace' });
  const documents = await blocks('docs/administration.md', 'graphql');
  recipes = new Map(
    documents.map((text) => [/(?:query|mutation) (\w+)/.exec(text)?.[1] ?? '', text]),
  );
});
afterAll(() => server.stop());

/** Follows a recipe and answers what its one field does. */
async function follow(
  recipe: string,
  variables: Record<string, unknown> = {},
  client: Client = staff.owner.client,
): Promise<unknown> {
  run.add(recipe);
  const document = recipes.get(recipe) ?? '';
  const { data, errors } = await client.graphql<Record<string, unknown>>(document, variables);
  expect(errors).toEqual([]);
  return Object.values(data)[0];
}

test('a user is found by a part of the name, by address, and by what is missing', async () => {
  const { id, email } = unconfirmed;
  expect(await follow('Search', { term: 'a lov' })).toMatchObject([{ id, email }]);
  expect(await follow('FindByAddress', { email: email.toUpperCase() })).toMatchObject({
    id,
    displayName: 'Ada Lovelace',
    isActive: true,
    confirmedAt: null,
    roleNames: ['User'],
    registration: { ipAddress: '127.0.0.1' },
    sessions: [{}],
  });
  expect(await follow('Unconfirmed')).toMatchObject({ totalCount: 1, nodes: [{ id, email }] });
});

test('a long list goes on after its cursor', async () => {
  await server.database.query(
    `INSERT INTO users (id, email, password_hash, created_at, updated_at)
     SELECT gen_random_uuid(), 'row' || n || '@example.com', '', now() - n * interval '1 day', now()
     FROM generate_series(1, 60) n`,
  );
  const seen = new Set<string>();
  let pageInfo = { hasNextPage: true, endCursor: null as string | null };
  while (pageInfo.hasNextPage) {
    const page = (await follow('LongList', { after: pageInfo.endCursor })) as {
      edges: { node: { id: string } }[];
      pageInfo: typeof pageInfo;
    };
    for (const { node } of page.edges) seen.add(node.id);
    ({ pageInfo } = page);
  }
  expect(seen.size).toBe(64);
});

test('an account is made, confirmed, with the default role and no way to sign in yet', async () => {
  const email = 'grace@example.com';
  expect(await follow('CreateAccount', { email }, staff.admin.client)).toMatchObject({
    user: { displayName: 'Grace', confirmedAt: expect.any(String) as string, roleNames: ['User'] },
    errors: [],
  });
  const { data } = await server.client.graphql(loginMutation, { input: { email, password } });
  expect(data).toMatchObject({ login: { errors: [{ code: 'INVALID_CREDENTIALS' }] } });
});

test('an address is confirmed, and what needs it works', async () => {
  expect((await unconfirmed.client.graphql('{ roles { id } }')).code).toBe('EMAIL_NOT_CONFIRMED');
  const confirmed = { user: { confirmedAt: expect.any(String) as string }, errors: [] };
  expect(await follow('Confirm', { id: unconfirmed.id }, staff.admin.client)).toEqual(confirmed);
  expect((await unconfirmed.client.graphql('{ roles { id } }')).errors).toEqual([]);
});

test('who is deactivated is signed out at once', async () => {
  const { id, client } = unconfirmed;
  const outcome = await follow('Deactivate', { id }, staff.admin.client);
  expect(outcome).toEqual({ user: { isActive: false }, errors: [] });
  expect(await whoIs(client)).toBeUndefined();
});

test('a user is promoted, and demoted again; the last Owner is not', async () => {
  const { id } = staff.user;
  for (let time = 0; time < 2; time += 1) {
    const roleAssignment = { user: { roleNames: ['Admin', 'User'] } };
    expect(await follow('Promote', { id })).toEqual({ roleAssignment, errors: [] });
  }
  expect(await follow('Demote', { id })).toEqual({ user: { roleNames: ['User'] }, errors: [] });
  const errors = [{ code: 'CANNOT_REMOVE_LAST_OWNER' }];
  expect(await follow('Demote', { id: staff.owner.id })).toMatchObject({ user: null, errors });
});

test('a role is made, given, and not deleted while it is held', async () => {
  const { role } = (await follow('CreateRole', {}, staff.admin.client)) as { role: { id: string } };
  expect(await follow('GiveRole', { id: staff.user.id }, staff.admin.client)).toEqual({
    roleAssignment: { user: { roleNames: ['Editor', 'User'] } },
    errors: [],
  });
  expect(await follow('DeleteRole', { id: role.id })).toMatchObject({
    role: null,
    errors: [{ code: 'ROLE_IN_USE' }],
  });
});

test('a field is defined, and whoever has a value is found by it', async () => {
  expect(await follow('DefineField')).toEqual({
    customFieldDefinition: {
      key: 'department',
      options: ['Engineering', 'Sales'],
      userEditable: false,
    },
    errors: [],
  });
  const { id, email } = staff.user;
  expect(await follow('SetField', { id }, staff.admin.client)).toEqual({
    user: { customFields: { department: 'Engineering' } },
    errors: [],
  });
  expect(await follow('Department')).toEqual({ totalCount: 1, nodes: [{ email }] });
});

test('many are edited at once, after a run that only tells', async () => {
  const ids = [staff.user.id, 'nobody', unconfirmed.id];
  const fields = { department: 'Sales' };
  const told = {
    updatedCount: 2,
    failedCount: 1,
    results: [
      { userId: ids[0], errors: [] },
      { userId: 'nobody', errors: [{ code: 'NOT_FOUND' }] },
      { userId: ids[2], errors: [] },
    ],
    errors: [],
  };
  const dry = await follow('BulkEdit', { ids, fields, dryRun: true }, staff.admin.client);
  expect(dry).toMatchObject(told);
  expect(await follow('Department')).toMatchObject({ totalCount: 1 });
  expect(await follow('BulkEdit', { ids, fields }, staff.admin.client)).toMatchObject(told);
  expect(await follow('Department')).toMatchObject({ totalCount: 0 });
});

test('the log tells all of this, and goes on telling it of a user who is deleted', async () => {
  const { id } = staff.user;
  const read = async () => {
    const { edges } = (await follow('About', { id }, staff.admin.client)) as {
      edges: { node: { action: string; actor: { label: string }; metadata: unknown } }[];
    };
    return edges.map(({ node }) => node);
  };
  const [newest] = await read();
  const actor = { type: 'USER', label: staff.admin.username };
  expect(newest).toMatchObject({ actor });
  expect((await read()).map(({ action }) => action)).toContain('role.assigned');
  expect(await follow('Delete', { id })).toMatchObject({ errors: [] });
  expect(await whoIs(staff.user.client)).toBeUndefined();
  const after = await read();
  expect(after[0]).toMatchObject({ action: 'user.deleted' });
  expect(after.map(({ action }) => action)).toContain('user.registered');
});

test('everybody without a role is given one', async () => {
  expect(await follow('Backfill')).toEqual({
    assignedOwner: 0,
    assignedUsers: 60,
    totalProcessed: 60,
    errors: [],
  });
});

test('every recipe was followed', () => {
  expect([...run].sort()).toEqual([...recipes.keys()].sort());
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf } from '../audit/audit.ts';
import { password, registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { login, signInAgain, whoIs } from './sessions.ts';

const change = (actor: Person, document: string, variables: Record<string, unknown>) =>
  actor.client.graphql<Record<string, { errors: unknown[] }>>(document, variables);

const operations = {
  assignRole:
    'mutation ($id: ID!) { it: assignRole(userId: $id, role: "Admin") { errors { code } } }',
  removeRole:
    'mutation ($id: ID!) { it: removeRole(userId: $id, role: "Admin") { errors { code } } }',
  promoteToAdmin: 'mutation ($id: ID!) { it: promoteToAdmin(userId: $id) { errors { code } } }',
  demoteToUser: 'mutation ($id: ID!) { it: demoteToUser(userId: $id) { errors { code } } }',
  transferOwnership: `mutation ($id: ID!) {
    it: transferOwnership(userId: $id, currentPassword: "${password}", keepOwn: true) {
      errors { code }
    }
  }`,
};

/** What each changes, and who it is done to first so that there is something to change. */
const cases: readonly [name: keyof typeof operations, before: keyof typeof operations | null][] = [
  ['assignRole', null],
  ['removeRole', 'assignRole'],
  ['promoteToAdmin', null],
  ['demoteToUser', 'promoteToAdmin'],
  ['transferOwnership', null],
];

describe.each([
  ['true', 'ends every session of the user'],
  ['false', 'leaves the sessions alone'],
])('with REVOKE_ON_ROLE_CHANGE=%s', (setting, outcome) => {
  let server: TestServer;
  let staff: { owner: Person; admin: Person; user: Person };
  beforeAll(async () => {
    server = await startTestServer({ REVOKE_ON_ROLE_CHANGE: setting, RUN_JOBS: 'false' });
    staff = await registerStaff(server);
  });
  afterAll(() => server.stop());
  const revokes = setting === 'true';

  test.each(cases)(`%s ${outcome}`, async (name, before) => {
    const { owner, user: bystander } = staff;
    const person = await registerPerson(server);
    if (before !== null) await change(owner, operations[before], { id: person.id });
    const sessions = [
      await signInAgain(person, server.client),
      await signInAgain(person, server.client),
    ];
    const { data, errors } = await change(owner, operations[name], { id: person.id });
    expect([errors, data.it?.errors]).toEqual([[], []]);
    for (const session of sessions) {
      expect(await whoIs(session)).toBe(revokes ? undefined : person.id);
    }
    expect(await whoIs(bystander.client)).toBe(bystander.id);
    const again = await login(server.client, person.email);
    expect(await whoIs(server.client.withToken(again.token ?? ''))).toBe(person.id);
  });

  test('a role that was held already, or is refused, changes nothing', async () => {
    const { owner, admin } = staff;
    const session = await signInAgain(admin, server.client);
    await change(owner, operations.promoteToAdmin, { id: admin.id });
    await change(admin, operations.demoteToUser, { id: admin.id });
    await change(owner, operations.removeRole, { id: staff.user.id });
    expect(await whoIs(session)).toBe(admin.id);
    expect(await whoIs(staff.user.client)).toBe(staff.user.id);
  });
});

test('it is recorded why and how many, and only when there were any', async () => {
  const server = await startTestServer({ REVOKE_ON_ROLE_CHANGE: 'true', RUN_JOBS: 'false' });
  const owner = await registerPerson(server);
  const person = await registerPerson(server);
  await change(owner, operations.assignRole, { id: person.id });
  await change(owner, operations.removeRole, { id: person.id });
  const rows = await auditOf(server.database, person.id);
  expect(rows.slice(-3)).toMatchObject([
    { action: 'role.assigned' },
    {
      action: 'sessions.ended',
      actor_id: owner.id,
      metadata: { count: 1, reason: 'role_changed' },
    },
    { action: 'role.removed' },
  ]);
  await server.stop();
});

test('an Owner who gives the seat away is signed out too, wherever they are', async () => {
  const server = await startTestServer({ REVOKE_ON_ROLE_CHANGE: 'true', RUN_JOBS: 'false' });
  const owner = await registerPerson(server);
  const heir = await registerPerson(server);
  const other = await signInAgain(owner, server.client);
  const document = `mutation ($id: ID!) {
    it: transferOwnership(userId: $id, currentPassword: "${password}") {
      user { id roleNames } errors { code }
    }
  }`;
  const { data } = await change(owner, document, { id: heir.id });
  expect(data.it).toEqual({ user: { id: heir.id, roleNames: ['Owner', 'User'] }, errors: [] });
  for (const client of [owner.client, other, heir.client])
    expect(await whoIs(client)).toBeUndefined();
  await server.stop();
});

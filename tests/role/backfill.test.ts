import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import type { Answer, Client, UserError } from '../support/client.ts';
import { commitDuring } from '../support/locks.ts';
import { registerPerson, registerStaff } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { whoIs } from '../session/sessions.ts';
import { addRole, allAssignments, refuseAudit, roleAudit } from './role-operations.ts';

interface Backfill {
  readonly outcome: {
    readonly assignedOwner: number | null;
    readonly assignedUsers: number | null;
    readonly totalProcessed: number | null;
    readonly errors: readonly UserError[];
  } | null;
}

const fields = '{ assignedOwner assignedUsers totalProcessed errors { code field message } }';

function backfill(client: Client, makeFirstOwner?: boolean): Promise<Answer<Backfill>> {
  return client.graphql(
    `mutation ($makeFirstOwner: Boolean) {
      outcome: assignRolesToExistingUsers(makeFirstOwner: $makeFirstOwner) ${fields}
    }`,
    makeFirstOwner === undefined ? {} : { makeFirstOwner },
  );
}

const given = (assignedOwner: number, assignedUsers: number) => ({
  assignedOwner,
  assignedUsers,
  totalProcessed: assignedOwner + assignedUsers,
  errors: [],
});

let server: TestServer;
/** A server of its own: what is given here is given to everybody. */
async function start(environment: Record<string, string> = {}): Promise<void> {
  server = await startTestServer({ RUN_JOBS: 'false', ...environment });
  const started = server;
  onTestFinished(() => started.stop());
}
beforeEach(() => start());

/** People without a role, as an import leaves them, from the oldest to the newest. */
async function importPeople(...people: readonly { name: string; active?: boolean }[]) {
  const ids: string[] = [];
  for (const [index, { name, active = true }] of people.entries()) {
    const [row] = await server.database.query<{ id: string }>(
      `INSERT INTO users (id, email, password_hash, is_active, created_at, updated_at)
       VALUES (gen_random_uuid(), $1 || '@example.com', '', $2,
         now() - interval '1 day' + $3 * interval '1 second', now()) RETURNING id`,
      [name, active, index],
    );
    ids.push(row?.id ?? '');
  }
  await server.database.query('DELETE FROM audit_events');
  return ids;
}

const keyOfRoles = async () => (await makeKey(server, 'ROLES_WRITE')).client;

/** Everybody's address before the @ with the roles held. */
async function rolesByName(): Promise<Record<string, string>> {
  const rows = await server.database.query<{ name: string; roles: string }>(
    `SELECT split_part(u.email, '@', 1) AS name, string_agg(r.name, ',' ORDER BY r.name) AS roles
     FROM users u LEFT JOIN role_assignments a ON a.user_id = u.id LEFT JOIN roles r
       ON r.id = a.role_id GROUP BY u.id`,
  );
  return Object.fromEntries(rows.map(({ name, roles }) => [name, roles]));
}

describe('while there is no Owner', () => {
  const people = [{ name: 'asleep', active: false }, { name: 'first' }, { name: 'second' }];

  test('the oldest active one becomes Owner, everybody else gets the default role', async () => {
    const [, first] = await importPeople(...people);
    const key = await makeKey(server, 'ROLES_WRITE');
    const { data, errors } = await backfill(key.client);
    expect(errors).toEqual([]);
    expect(data.outcome).toEqual(given(1, 2));
    expect(await rolesByName()).toEqual({ asleep: 'User', first: 'Owner', second: 'User' });
    expect(await roleAudit(server.database)).toEqual([
      {
        action: 'role.assigned',
        actor_id: key.id,
        subject_id: first,
        metadata: { role: 'Owner' },
      },
      {
        action: 'role.backfilled',
        actor_id: key.id,
        subject_id: null,
        metadata: { role: 'User', assignedOwner: 1, assignedUsers: 2, endedSessions: 0 },
      },
    ]);
  });

  test('whoever registers next is not the Owner any more', async () => {
    await importPeople(...people);
    await backfill(await keyOfRoles());
    const { client } = await registerPerson(server);
    const { data } = await client.graphql('{ me { roleNames } }');
    expect(data).toEqual({ me: { roleNames: ['User'] } });
  });

  test('without makeFirstOwner nobody becomes Owner', async () => {
    await importPeople(...people);
    expect((await backfill(await keyOfRoles(), false)).data.outcome).toEqual(given(0, 3));
    expect(await rolesByName()).toEqual({ asleep: 'User', first: 'User', second: 'User' });
  });

  test('nobody but OWNER_EMAIL becomes Owner where it is set', async () => {
    await start({ OWNER_EMAIL: 'Second@example.com' });
    await importPeople(...people);
    expect((await backfill(await keyOfRoles())).data.outcome).toEqual(given(1, 2));
    expect(await rolesByName()).toEqual({ asleep: 'User', first: 'User', second: 'Owner' });
  });

  test('a first registration in this moment takes the seat', async () => {
    await importPeople(...people);
    const owner = await importPeople({ name: 'registering' });
    const change = {
      sql: `WITH seat AS (UPDATE installation SET owner_claimed_at = now())
        INSERT INTO role_assignments (user_id, role_id, assigned_at)
        SELECT $1, id, now() FROM roles WHERE name = 'Owner'`,
      values: owner,
    };
    const client = await keyOfRoles();
    const { data } = await commitDuring(server.database, change, () => backfill(client));
    expect(data.outcome).toEqual(given(0, 3));
    expect(await rolesByName()).toMatchObject({ registering: 'Owner', first: 'User' });
  });

  test('two runs at once make one Owner and give no role twice', async () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ name: `p${index}` }));
    await importPeople(...many);
    const client = await keyOfRoles();
    const answers = await Promise.all(Array.from({ length: 4 }, () => backfill(client)));
    const outcomes = answers.map(({ data }) => data.outcome?.totalProcessed);
    expect(outcomes.sort()).toEqual([0, 0, 0, 200]);
    const held = await allAssignments(server.database);
    expect(held).toHaveLength(200);
    expect(held.filter((line) => line.endsWith('Owner'))).toHaveLength(1);
    expect(await roleAudit(server.database)).toHaveLength(2);
  });
});

describe('while there is an Owner', () => {
  test('all without a role get the default one, and the rest keep theirs', async () => {
    await start({ DEFAULT_ROLE: 'Guest' });
    const { owner, admin, user } = await registerStaff(server);
    await addRole(server.database, 'Guest');
    const ids = await importPeople({ name: 'first' }, { name: 'second' });
    expect((await backfill(owner.client)).data.outcome).toEqual(given(0, 2));
    const name = ({ email }: { email: string }) => email.split('@')[0] ?? '';
    expect(await rolesByName()).toEqual({
      [name(owner)]: 'Owner',
      [name(admin)]: 'Admin,User',
      [name(user)]: 'User',
      first: 'Guest',
      second: 'Guest',
    });
    const assigners = await server.database.query(
      'SELECT DISTINCT assigned_by_id AS id FROM role_assignments WHERE user_id = ANY($1)',
      [ids],
    );
    expect(assigners).toEqual([{ id: owner.id }]);
    expect(await roleAudit(server.database)).toMatchObject([
      { action: 'role.backfilled', actor_id: owner.id, metadata: { role: 'Guest' } },
    ]);
  });

  test('a second run finds nobody and records nothing', async () => {
    const { owner } = await registerStaff(server);
    await importPeople({ name: 'first' });
    await backfill(owner.client);
    await server.database.query('DELETE FROM audit_events');
    expect((await backfill(owner.client)).data.outcome).toEqual(given(0, 0));
    expect(await roleAudit(server.database)).toEqual([]);
  });

  test('gives nothing when its audit entry cannot be written', async () => {
    const { owner } = await registerStaff(server);
    await importPeople({ name: 'first' });
    await refuseAudit(server.database, 'role.backfilled');
    const before = await allAssignments(server.database);
    expect((await backfill(owner.client)).code).toBe('INTERNAL_SERVER_ERROR');
    expect(await allAssignments(server.database)).toEqual(before);
  });

  test('one who is deleted in this moment is left out', async () => {
    const { owner } = await registerStaff(server);
    const [first] = await importPeople({ name: 'first' }, { name: 'second' });
    const change = { sql: 'DELETE FROM users WHERE id = $1', values: [first] };
    const { data } = await commitDuring(server.database, change, () => backfill(owner.client));
    expect(data.outcome).toEqual(given(0, 1));
  });

  test('sessions end where REVOKE_ON_ROLE_CHANGE wants it so, and only theirs', async () => {
    for (const revoke of ['false', 'true']) {
      await start({ REVOKE_ON_ROLE_CHANGE: revoke });
      const { owner, user } = await registerStaff(server);
      const stripped = await registerPerson(server);
      await server.database.query('DELETE FROM role_assignments WHERE user_id = $1', [stripped.id]);
      await backfill(owner.client);
      expect(await whoIs(stripped.client)).toBe(revoke === 'true' ? undefined : stripped.id);
      expect(await whoIs(user.client)).toBe(user.id);
    }
  });

  test('a thousand cost as many statements as one', async () => {
    const { owner } = await registerStaff(server);
    const costs = async (count: number) => {
      const names = Array.from({ length: count }, (_, index) => ({ name: `p${count}x${index}` }));
      await importPeople(...names);
      return (await statementsOf(() => backfill(owner.client))).length;
    };
    expect(await costs(1000)).toBe(await costs(1));
  });

  test('only Owners and keys that may write roles run it', async () => {
    const staff = await registerStaff(server);
    const clients = {
      'signed out': server.client,
      user: staff.user.client,
      admin: staff.admin.client,
      owner: staff.owner.client,
      'key of roles': await keyOfRoles(),
      'key of users': (await makeKey(server, 'USERS_READ', 'USERS_WRITE')).client,
    };
    const endings: Record<string, string> = {};
    for (const [caller, client] of Object.entries(clients)) {
      const { code, data } = await backfill(client);
      endings[caller] = code ?? data.outcome?.errors[0]?.code ?? 'ok';
    }
    expect(endings).toEqual({
      'signed out': 'UNAUTHENTICATED',
      user: 'FORBIDDEN',
      admin: 'FORBIDDEN',
      owner: 'ok',
      'key of roles': 'ok',
      'key of users': 'FORBIDDEN',
    });
  });

  test('one who is demoted while the run waits gives nothing', async () => {
    const { owner } = await registerStaff(server);
    await importPeople({ name: 'first' });
    const change = {
      sql: `WITH locked AS (SELECT id FROM roles WHERE name = 'Owner' FOR NO KEY UPDATE)
        DELETE FROM role_assignments a USING locked WHERE a.role_id = locked.id AND a.user_id = $1`,
      values: [owner.id],
    };
    const { data } = await commitDuring(server.database, change, () => backfill(owner.client));
    expect(data.outcome).toMatchObject({
      assignedOwner: null,
      totalProcessed: null,
      errors: [{ code: 'INSUFFICIENT_PERMISSIONS', field: null }],
    });
    expect(await rolesByName()).toMatchObject({ first: null });
  });
});

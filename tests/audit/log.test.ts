import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import { registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { askLog, readLog, type LogArguments } from './log.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  staff = await registerStaff(server);
});
afterAll(() => server.stop());

const missing = '019b0000-0000-7000-8000-00000000dead';

interface Entry {
  readonly action: string;
  readonly actor?: readonly [type: string, id: string | null];
  readonly subject?: string | null;
  /** The day of January 2020 on which it happened. */
  readonly day: number;
}

/** Puts an event into the log and answers its id. */
async function log({ action, actor = ['system', null], subject = null, day }: Entry) {
  const [row] = await server.database.query<{ id: string }>(
    `INSERT INTO audit_events (id, action, actor_type, actor_id, subject_id, created_at)
     VALUES (gen_random_uuid(), $1, $2, $3, $4, $5) RETURNING id`,
    [action, ...actor, subject, `2020-01-${String(day).padStart(2, '0')}T12:00:00Z`],
  );
  return row?.id ?? '';
}

describe('an event', () => {
  test('tells who did what to whom, from where, and what changed', async () => {
    const { owner, admin } = staff;
    await server.database.query(
      `UPDATE users SET first_name = 'Ada', last_name = 'Lovelace' WHERE id = $1`,
      [owner.id],
    );
    const { events } = await readLog(owner.client, { action: 'role.assigned', first: 1 });
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        action: 'role.assigned',
        actor: {
          type: 'USER',
          id: owner.id,
          label: 'Ada Lovelace',
          user: { id: owner.id, email: owner.email },
        },
        subject: { id: admin.id, email: admin.email },
        ipAddress: '127.0.0.1',
        userAgent: 'node',
        metadata: { role: 'Admin' },
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      },
    ]);
  });

  test.each([
    ['ANONYMOUS', 'anonymous', null, 'Not signed in'],
    ['SYSTEM', 'system', null, 'Gatehouse'],
    ['USER', 'user', missing, 'A deleted user'],
    ['KEY', 'key', missing, 'A deleted API key'],
  ])('of an actor %s has a label for people', async (type, stored, id, label) => {
    const action = `test.${stored}`;
    await log({ action, actor: [stored, id], day: 1 });
    const { events } = await readLog(staff.admin.client, { action });
    expect(events).toMatchObject([{ actor: { type, id, label, user: null } }]);
  });

  test('of an API key has the key’s name and no user', async () => {
    const key = await makeKey(server, 'ROLES_WRITE');
    await key.client.graphql('mutation { createRole(name: "By a key") { errors { code } } }');
    const { events } = await readLog(staff.admin.client, { actorId: key.id });
    expect(events).toMatchObject([
      {
        action: 'role.created',
        actor: { type: 'KEY', id: key.id, label: 'of a test', user: null },
        subject: null,
      },
    ]);
  });

  test('stays when the user it is about has been deleted', async () => {
    const id = await log({ action: 'test.gone', subject: missing, day: 1 });
    const { events } = await readLog(staff.admin.client, { subjectId: missing });
    expect(events).toMatchObject([{ id, action: 'test.gone', subject: null }]);
  });
});

describe('the log', () => {
  let ids: string[];
  beforeAll(async () => {
    const { admin, user } = staff;
    const byAdmin = ['user', admin.id] as const;
    ids = [
      await log({ action: 'a', actor: byAdmin, subject: user.id, day: 11 }),
      await log({ action: 'b', actor: byAdmin, subject: admin.id, day: 12 }),
      await log({ action: 'a', subject: user.id, day: 13 }),
      await log({ action: 'b', actor: byAdmin, subject: user.id, day: 14 }),
      await log({ action: 'a', actor: byAdmin, subject: user.id, day: 15 }),
    ];
  });

  const noon = (day: number) => `2020-01-${day}T12:00:00Z`;
  const then = { from: noon(11), to: noon(16) };
  /** Which of the five events come, in the order in which they do. */
  async function found(given: LogArguments): Promise<number[]> {
    const { events } = await readLog(staff.admin.client, given);
    return events.map(({ id }) => ids.indexOf(id));
  }

  test('comes newest first, and as a whole newest first too', async () => {
    expect(await found(then)).toEqual([4, 3, 2, 1, 0]);
    const { events } = await readLog(staff.admin.client, { first: 100 });
    const times = events.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  test.each([
    ['from a time, with it', { from: noon(13), to: then.to }, [4, 3, 2]],
    ['to a time, without it', { from: then.from, to: noon(13) }, [1, 0]],
    ['of an action', { ...then, action: 'b' }, [3, 1]],
    ['of an action in another case', { ...then, action: 'B' }, []],
    ['with everything null', { ...then, action: null, actorId: null, subjectId: null }, 'all'],
    ['of an action that cannot be', { ...then, action: 'a\0' }, []],
    ['of an actor that is no id', { ...then, actorId: "' OR true --" }, []],
    ['of a subject that is no id', { ...then, subjectId: '' }, []],
    ['of an actor who does not exist', { ...then, actorId: missing }, []],
  ])('%s', async (_, given, expected) => {
    expect(await found(given)).toEqual(expected === 'all' ? [4, 3, 2, 1, 0] : expected);
  });

  test('by actor, by subject and by all at once', async () => {
    const [actorId, subjectId] = [staff.admin.id.toUpperCase(), staff.user.id];
    expect(await found({ ...then, actorId })).toEqual([4, 3, 1, 0]);
    expect(await found({ ...then, subjectId })).toEqual([4, 3, 2, 0]);
    expect(await found({ ...then, actorId, subjectId })).toEqual([4, 3, 0]);
    expect(await found({ ...then, actorId, subjectId, action: 'a' })).toEqual([4, 0]);
  });

  test('is read forward and backward by cursors, nothing twice and nothing missed', async () => {
    const { client } = staff.admin;
    const first = await readLog(client, { ...then, first: 2 });
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    // What happens meanwhile is newer, and moves nothing.
    await log({ action: 'meanwhile', day: 15 });
    const after = first.pageInfo.endCursor;
    expect(await found({ ...then, first: 2, after })).toEqual([2, 1]);
    expect(await found({ ...then, last: 2 })).toEqual([1, 0]);
    const last = await readLog(client, { ...then, last: 2 });
    expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(await found({ ...then, last: 1, before: last.pageInfo.startCursor })).toEqual([2]);
    await server.database.query(`DELETE FROM audit_events WHERE action = 'meanwhile'`);
  });

  test('of one moment is read one by one', async () => {
    for (let count = 0; count < 5; count += 1) await log({ action: 'same', day: 20 });
    const seen = new Set<string>();
    let after: string | null = null;
    for (let step = 0; step < 5; step += 1) {
      const { events, pageInfo } = await readLog(staff.admin.client, {
        action: 'same',
        first: 1,
        after,
      });
      for (const { id } of events) seen.add(id);
      after = pageInfo.endCursor;
      expect(pageInfo.hasNextPage).toBe(step < 4);
    }
    expect(seen.size).toBe(5);
  });

  test.each([
    ['first', { first: 0 }],
    ['first', { first: 101 }],
    ['last', { last: -1 }],
    ['after', { after: 'broken' }],
    ['before', { before: '' }],
  ])('is not read with a bad %s', async (argument, given) => {
    const { code, errors } = await askLog(staff.admin.client, given);
    expect(code).toBe('BAD_USER_INPUT');
    expect(errors[0]?.extensions.argument).toBe(argument);
  });

  test('is not read by the cursor of another list', async () => {
    const { data } = await staff.admin.client.graphql<{
      usersConnection: { pageInfo: { endCursor: string } };
    }>('{ usersConnection(first: 1) { pageInfo { endCursor } } }');
    const after = data.usersConnection.pageInfo.endCursor;
    expect((await askLog(staff.admin.client, { after })).code).toBe('BAD_USER_INPUT');
  });
});

test('administrators and keys that may read the log read it, and nobody else', async () => {
  const clients = {
    'signed out': server.client,
    user: staff.user.client,
    admin: staff.admin.client,
    owner: staff.owner.client,
    'key of the log': (await makeKey(server, 'AUDIT_READ')).client,
    'key of users': (await makeKey(server, 'USERS_READ', 'USERS_WRITE', 'ROLES_WRITE')).client,
  };
  const endings: Record<string, string> = {};
  for (const [caller, client] of Object.entries(clients)) {
    endings[caller] = (await askLog(client)).code ?? 'ok';
  }
  expect(endings).toEqual({
    'signed out': 'UNAUTHENTICATED',
    user: 'FORBIDDEN',
    admin: 'ok',
    owner: 'ok',
    'key of the log': 'ok',
    'key of users': 'FORBIDDEN',
  });
});

test('a key that may read the log and no users sees no addresses in it', async () => {
  const { client } = await makeKey(server, 'AUDIT_READ');
  const { events } = await readLog(client, { action: 'role.assigned', first: 1 });
  expect(events).toMatchObject([{ actor: { user: { email: null } }, subject: { email: null } }]);
});

test('a hundred events cost as many statements as one: the log, its users, its keys', async () => {
  const key = await makeKey(server, 'USERS_READ');
  await server.database.query(
    `INSERT INTO audit_events (id, action, actor_type, actor_id, subject_id, created_at)
     SELECT gen_random_uuid(), 'many', CASE WHEN n % 2 = 0 THEN 'user' ELSE 'key' END,
       CASE WHEN n % 2 = 0 THEN $1::uuid ELSE $2::uuid END, $3, now() FROM generate_series(1, 200) n`,
    [staff.admin.id, key.id, staff.user.id],
  );
  const costs = (first: number) =>
    statementsOf(() => readLog(staff.owner.client, { action: 'many', first }));
  const hundred = await costs(100);
  expect(hundred.length).toBeLessThanOrEqual(4);
  expect((await costs(2)).length).toBeLessThanOrEqual(hundred.length);
});

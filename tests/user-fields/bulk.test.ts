import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditOf } from '../audit/audit.ts';
import { defined } from '../custom-field/definitions.ts';
import { missingId, refuseAudit } from '../role/role-operations.ts';
import { registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import {
  bulkMutation,
  bulkUpdate,
  giveFields,
  setField,
  storedFields,
  updateFields,
} from './fields.ts';

let server: TestServer;
let owner: Person;
let admin: Person;
let ids: string[];

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  ({ owner, admin } = await registerStaff(server));
  await defined(owner.client, { key: 'level', type: 'NUMBER', validation: { max: 10 } });
});
beforeEach(async () => {
  await server.database.query(`DELETE FROM users WHERE email LIKE 'bulk%'`);
  await server.database.query('DELETE FROM audit_events');
  const rows = await server.database.query<{ id: string }>(
    `INSERT INTO users (id, email, password_hash, created_at, updated_at)
     SELECT gen_random_uuid(), 'bulk' || n || '@example.com', '', now(), now()
     FROM generate_series(1, 990) n RETURNING id`,
  );
  ids = rows.map(({ id }) => id);
});
afterAll(() => server.stop());

/** How many of the users have exactly these custom fields. */
async function countWith(fields: object): Promise<number> {
  const [row] = await server.database.query<{ count: number }>(
    'SELECT count(*)::int FROM users WHERE custom_fields = $1 AND id = ANY($2)',
    [fields, ids],
  );
  return row?.count ?? 0;
}

async function entries(): Promise<number> {
  const [row] = await server.database.query<{ count: number }>(
    `SELECT count(*)::int FROM audit_events WHERE action = 'fields.updated'`,
  );
  return row?.count ?? 0;
}

describe('of 1,000 users', () => {
  test('10 that are none are named, 990 are done, each with an entry of its own', async () => {
    const bad = [
      'not-an-id',
      ...Array.from({ length: 9 }, (_, n) => `${missingId.slice(0, -1)}${n}`),
    ];
    const mixed = [...ids];
    for (const [index, id] of bad.entries()) mixed.splice(index * 100, 0, id);
    const outcome = await bulkUpdate(owner.client, mixed, { department: 'Engineering' });
    expect([outcome.updatedCount, outcome.failedCount, outcome.errors]).toEqual([990, 10, []]);
    expect(outcome.results?.map(({ userId }) => userId)).toEqual(mixed);
    const refused = outcome.results?.filter(({ errors }) => errors.length > 0) ?? [];
    expect(refused.map(({ userId }) => userId)).toEqual(bad);
    for (const { user, errors } of refused) {
      expect(user).toBeNull();
      expect(errors).toMatchObject([{ code: 'NOT_FOUND', field: 'userId' }]);
    }
    expect(await countWith({ department: 'Engineering' })).toBe(990);
    expect(await entries()).toBe(990);
    expect(
      (await auditOf(server.database, ids[500] ?? '')).map(({ metadata }) => metadata),
    ).toEqual([{ changes: { department: { from: null, to: 'Engineering' } } }]);
  });

  test('takes as many statements as of one', async () => {
    const costOf = (some: readonly string[], value: number) =>
      statementsOf(() => bulkUpdate(owner.client, some, { level: value }));
    const one = await costOf(ids.slice(0, 1), 1);
    const many = await costOf(ids, 2);
    // One more where there are users to lock before and after the caller.
    expect(many.length).toBeLessThanOrEqual(one.length + 1);
    expect(many.length).toBeLessThanOrEqual(14);
    expect(await countWith({ level: 2 })).toBe(990);
  });

  test('and one more is TOO_LONG, and nothing is done', async () => {
    const tooMany = [...ids, ...ids].slice(0, 1001);
    const { results, errors } = await bulkUpdate(owner.client, tooMany, { department: 'X' });
    expect(results).toBeNull();
    expect(errors).toMatchObject([{ code: 'TOO_LONG', field: 'userIds' }]);
    expect(await countWith({ department: 'X' })).toBe(0);
  });

  test('that cannot be recorded none is changed', async () => {
    await refuseAudit(server.database, 'fields.updated');
    const variables = { userIds: ids, fields: { department: 'X' } };
    expect((await owner.client.graphql(bulkMutation, variables)).code).toBe(
      'INTERNAL_SERVER_ERROR',
    );
    expect(await countWith({})).toBe(990);
  });
});

test('a dry run tells the same and writes nothing', async () => {
  const some = [ids[0] ?? '', owner.id, missingId, 'nothing', admin.id];
  await giveFields(server, some[0] ?? '', { kept: 1 });
  const before = await Promise.all(
    [some[0] ?? '', owner.id].map((id) => storedFields(server.database, id)),
  );
  const fields = { firstName: 'John', level: 3 };
  const dry = await bulkUpdate(admin.client, some, fields, true);
  expect([dry.updatedCount, dry.failedCount]).toEqual([1, 4]);
  expect(
    await Promise.all([some[0] ?? '', owner.id].map((id) => storedFields(server.database, id))),
  ).toEqual(before);
  expect(await entries()).toBe(0);
  expect(await bulkUpdate(admin.client, some, fields)).toEqual(dry);
  expect((await storedFields(server.database, some[0] ?? '')).custom_fields).toEqual({
    kept: 1,
    level: 3,
  });
});

test('each user is held against the limits alone', async () => {
  const [full = '', empty = ''] = ids;
  await giveFields(
    server,
    full,
    Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`field_${n}`, n])),
  );
  const { results } = await bulkUpdate(owner.client, [full, empty], { one_more: 1 });
  expect(results?.map(({ errors }) => errors.map(({ code, field }) => `${field} ${code}`))).toEqual(
    [['fields TOO_LONG'], []],
  );
  expect((await storedFields(server.database, empty)).custom_fields).toEqual({ one_more: 1 });
});

test('what no user may have is refused for each of them', async () => {
  const some = ids.slice(0, 3);
  const { results, failedCount } = await bulkUpdate(owner.client, some, {
    level: 11,
    password: 'x',
  });
  expect(failedCount).toBe(3);
  expect(results).toHaveLength(3);
  for (const { errors } of results ?? []) {
    expect(errors).toMatchObject([
      { code: 'INVALID', field: 'fields.level' },
      { code: 'INVALID', field: 'fields.password' },
    ]);
  }
});

test('a user named twice, in whatever spelling, is changed once', async () => {
  const [one = '', other = ''] = ids;
  const { results } = await bulkUpdate(owner.client, [one, other, one.toUpperCase(), one], {
    a: 1,
  });
  expect(results?.map(({ userId }) => userId)).toEqual([one, other]);
  expect(await entries()).toBe(2);
});

test('of nobody is done at once, and who has it all already is not written', async () => {
  expect(await bulkUpdate(owner.client, [], { a: 1 })).toMatchObject({
    results: [],
    updatedCount: 0,
    failedCount: 0,
  });
  const [one = '', other = ''] = ids;
  await giveFields(server, one, { a: 1 });
  const before = await storedFields(server.database, one);
  const { updatedCount } = await bulkUpdate(owner.client, [one, other], { a: 1, lastName: null });
  expect(updatedCount).toBe(2);
  expect(await storedFields(server.database, one)).toEqual(before);
  expect(await entries()).toBe(1);
});

test('at the same time as edits of single fields, and as each other, all survive', async () => {
  const some = ids.slice(0, 20);
  const reversed = [...some].reverse();
  const outcomes = await Promise.all([
    ...Array.from({ length: 5 }, (_, n) =>
      bulkUpdate(owner.client, n % 2 === 0 ? some : reversed, {
        [`bulk_${n}`]: n,
        lastName: 'Doe',
      }),
    ),
    ...some.map((id, n) => setField(owner.client, id, 'single', n)),
    ...some.map((id) => updateFields(owner.client, id, { firstName: 'Ann', other: true })),
  ]);
  for (const outcome of outcomes) {
    if ('failedCount' in outcome) expect(outcome.failedCount).toBe(0);
    else expect(outcome.refusals).toEqual([]);
  }
  for (const [n, id] of some.entries()) {
    expect(await storedFields(server.database, id)).toMatchObject({
      first_name: 'Ann',
      last_name: 'Doe',
      custom_fields: {
        bulk_0: 0,
        bulk_1: 1,
        bulk_2: 2,
        bulk_3: 3,
        bulk_4: 4,
        single: n,
        other: true,
      },
    });
  }
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { readLog, type LogArguments } from './log.ts';

// How PostgreSQL means to find events among 30,000, for the very statements the server sends.
let server: TestServer;
let owner: Person;

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  owner = await registerPerson(server);
  // A hundred users who each did a hundredth of it to each other, in twenty ways.
  await server.database.query(
    `INSERT INTO audit_events (id, action, actor_type, actor_id, subject_id, created_at)
     SELECT gen_random_uuid(), 'action.' || n % 20, 'user', md5((n % 100)::text)::uuid,
       md5((n / 20 % 100)::text)::uuid, now() - n * interval '1 minute'
     FROM generate_series(1, 30000) n`,
  );
  await server.database.query('VACUUM ANALYZE audit_events');
});
afterAll(() => server.stop());

const someone = 'cfcd2084-95d5-65ef-66e7-dff9f98764da'; // md5('0')
const filters = {
  action: { action: 'action.0' }, // of which that user did some, also to that user
  actorId: { actorId: someone },
  subjectId: { subjectId: someone },
} as const;

const from = new Date(Date.now() - 20 * 86_400_000).toISOString();
const to = new Date(Date.now() - 10 * 86_400_000).toISOString();

/** Every combination of the three filters, in every span of time. */
const combinations = [
  [],
  ...Object.keys(filters).reduce<string[][]>(
    (sets, name) => [...sets, ...sets.map((set) => [...set, name]), [name]],
    [],
  ),
] as (keyof typeof filters)[][];

const cases = combinations.flatMap((names) =>
  [{}, { from }, { to }, { from, to }].map((span) => {
    const given = Object.assign({}, ...names.map((name) => filters[name]), span) as LogArguments;
    return { what: Object.keys(given).join(', ') || 'nothing', given };
  }),
);

/** The plan of the statement that reads the log, with the values that the server would send. */
async function planOf(given: LogArguments, cursor?: string): Promise<string> {
  const sent = cursor === undefined ? given : { ...given, after: cursor };
  const meant = (await statementsOf(() => readLog(owner.client, sent))).filter((sql) =>
    sql.includes('"audit_events" "event"'),
  );
  expect(meant).toHaveLength(1);
  const { action, actorId, subjectId } = given;
  const [, key, id] = cursor === undefined ? [] : (JSON.parse(decode(cursor)) as string[]);
  const values = [action, actorId, subjectId, given.from, given.to, key, id];
  const rows = await server.database.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN ${meant.join('')}`,
    values.filter((value) => value !== undefined),
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

function cursorOf({ endCursor }: { endCursor: string | null }): string {
  if (endCursor === null) throw new Error('Nothing was found, and so there is no cursor.');
  return endCursor;
}

const decode = (cursor: string) => Buffer.from(cursor, 'base64url').toString();

test('there are all combinations', () => {
  expect(new Set(cases.map(({ what }) => what)).size).toBe(32);
});

test.each(cases)('events by $what are found by an index', async ({ given }) => {
  const plan = await planOf(given);
  expect(plan).toMatch(/audit_events_\w+_index/);
  expect(plan).not.toContain('Seq Scan');
});

test.each(cases)('events by $what after a cursor are found by an index', async ({ given }) => {
  const { pageInfo } = await readLog(owner.client, given);
  const plan = await planOf(given, cursorOf(pageInfo));
  expect(plan).toMatch(/audit_events_\w+_index/);
  expect(plan).not.toContain('Seq Scan');
});

test('the newest of all, and those after a cursor, are read unsorted', async () => {
  const { pageInfo } = await readLog(owner.client);
  for (const cursor of [undefined, cursorOf(pageInfo)]) {
    const plan = await planOf({}, cursor);
    expect(plan).toContain('audit_events_created_at_index');
    expect(plan).not.toContain('Sort');
  }
});

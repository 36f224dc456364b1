import { expect, onTestFinished, test } from 'vitest';
import { createDataSource } from '../../src/database/data-source.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { loginMutation, password, type LoginResult } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  apiKey,
  confirmToken,
  formerApiKey,
  owner,
  rowsOfSteps,
  sessionToken,
} from './rows-of-steps.ts';

interface KeptRow {
  readonly table: string;
  readonly row: string;
}

/** Every row of ours, with the columns there are by now. */
async function rowsOf(database: TestDatabase): Promise<KeptRow[]> {
  const tables = await database.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r'
       AND relnamespace = 'public'::regnamespace AND relname <> 'migrations'`,
  );
  const rows = tables.map(async ({ name }) => {
    const found = await database.query<{ row: string }>(
      `SELECT to_jsonb(kept)::text AS row FROM "${name}" AS kept`,
    );
    return found.map(({ row }) => ({ table: name, row }));
  });
  return (await Promise.all(rows)).flat();
}

/** Those that are not there any more, or not with these values. */
async function lost(database: TestDatabase, rows: readonly KeptRow[]): Promise<KeptRow[]> {
  const missing: KeptRow[] = [];
  for (const table of new Set(rows.map((one) => one.table))) {
    const kept = rows.filter((one) => one.table === table).map(({ row }) => row);
    const gone = await database.query<{ row: string }>(
      `SELECT row::text FROM unnest($1::jsonb[]) AS row
       WHERE NOT EXISTS (SELECT FROM "${table}" AS present WHERE to_jsonb(present) @> row)`,
      [kept],
    );
    missing.push(...gone.map(({ row }) => ({ table, row })));
  }
  return missing;
}

/** Goes forward one migration at a time, putting in after each what its schema takes. */
async function walkForward(database: TestDatabase): Promise<KeptRow[]> {
  const dataSource = await createDataSource(database.url, 2).initialize();
  onTestFinished(() => dataSource.destroy());
  const steps = [...dataSource.migrations];
  const names = steps.map(({ name }) => name ?? '');
  expect(Object.keys(rowsOfSteps).filter((name) => !names.includes(name))).toEqual([]);
  let kept: KeptRow[] = [];
  for (const [index, name] of names.entries()) {
    Object.assign(dataSource, { migrations: steps.slice(0, index + 1) });
    expect(await dataSource.runMigrations()).toHaveLength(1);
    expect(await lost(database, kept)).toEqual([]);
    for (const statement of rowsOfSteps[name] ?? []) await database.query(statement);
    kept = await rowsOf(database);
  }
  return kept;
}

async function expectService(server: TestServer): Promise<void> {
  const old = server.client.withToken(sessionToken);
  const me = await old.graphql<{ me: unknown }>('{ me { id firstName lastName customFields } }');
  expect(me.data.me).toEqual({
    id: owner,
    firstName: 'Élise',
    lastName: "O'Brien",
    customFields: { plan: 'paid', deep: { er: [1, null] } },
  });
  const input = { email: 'OWNER_1', password };
  const signedIn = await server.client.graphql<LoginResult>(loginMutation, { input });
  expect(signedIn.data.login).toMatchObject({ user: { id: owner }, errors: [] });
  for (const key of [apiKey, formerApiKey]) {
    const users = await server.client
      .withToken(key)
      .graphql<{ users: { totalCount: number } }>('{ users(search: "user1") { totalCount } }');
    expect(users.data.users.totalCount).toBe(12); // 1, 10 to 19 and 100
  }
  const confirmed = await server.client.graphql<{ confirmEmail: unknown }>(
    'mutation ($token: String!) { confirmEmail(token: $token) { errors { code } } }',
    { token: confirmToken },
  );
  expect(confirmed.data.confirmEmail).toEqual({ errors: [] });
  const token = await old.graphql<{ createAccessToken: { accessToken: string } }>(
    'mutation { createAccessToken { accessToken errors { code } } }',
  );
  expect(token.data.createAccessToken.accessToken).toMatch(/^ey/);
}

test('from the schema after each migration all later ones keep what is there, and it serves', async () => {
  const database = await createTestDatabase({ empty: true });
  onTestFinished(() => database.drop());
  const kept = await walkForward(database);
  expect(kept.length).toBeGreaterThan(200);
  const server = await startTestServer({ RUN_JOBS: 'false' }, database);
  onTestFinished(() => server.stop());
  expect(await lost(database, kept)).toEqual([]);
  await expectService(server);
});

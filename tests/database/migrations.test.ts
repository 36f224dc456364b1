import type { DataSource, QueryRunner } from 'typeorm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDataSource } from '../../src/database/data-source.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { password, registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { migrateDown, missingChanges, schemaOf } from './database-schema.ts';

async function open(options: { empty?: boolean } = {}): Promise<{
  database: TestDatabase;
  dataSource: DataSource;
}> {
  const database = await createTestDatabase(options);
  onTestFinished(() => database.drop());
  const dataSource = await createDataSource(database.url, 2).initialize();
  onTestFinished(() => dataSource.destroy());
  return { database, dataSource };
}

class MakeIndexOfLargeTable29991231000000 {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SELECT pg_sleep(1.5)');
  }

  async down(): Promise<void> {}
}

describe('the migrations', () => {
  test('go up, down to nothing and up to the same again', async () => {
    const { database, dataSource } = await open({ empty: true });
    const made = await dataSource.runMigrations();
    expect(made).toHaveLength(dataSource.migrations.length);
    const first = await schemaOf(database);
    expect(first.length).toBeGreaterThan(60);

    await migrateDown(dataSource);
    const left = await database.query(
      `SELECT relname FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')`,
    );
    expect(left).toEqual([{ relname: 'migrations' }]);

    await dataSource.runMigrations();
    expect(await schemaOf(database)).toEqual(first);
  });

  test('leave nothing for a generated migration to do', async () => {
    const { dataSource } = await open();
    expect(await missingChanges(dataSource)).toEqual({ up: [], down: [] });
  });

  test('run once more change nothing', async () => {
    const { dataSource } = await open();
    expect(await dataSource.runMigrations()).toEqual([]);
  });

  test('may take longer than the statements of a request, which may not again afterwards', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const settings = { statement_timeout: 1_000 };
    const dataSource = await createDataSource(database.url, 2, settings).initialize();
    onTestFinished(() => dataSource.destroy());
    dataSource.migrations.push(new MakeIndexOfLargeTable29991231000000());
    await migrate(dataSource);
    const [last] = await database.query('SELECT name FROM migrations ORDER BY id DESC LIMIT 1');
    expect(last).toEqual({ name: 'MakeIndexOfLargeTable29991231000000' });
    await expect(dataSource.query('SELECT pg_sleep(2)')).rejects.toThrow(/statement timeout/);
  });

  test('are named by the time they were written, oldest first', async () => {
    const { dataSource } = await open();
    const names = dataSource.migrations.map(({ name }) => name ?? '');
    const times = names.map((name) => /^[A-Z][A-Za-z]+(\d{14})$/.exec(name)?.[1]);
    expect(times).not.toContain(undefined);
    expect(times).toEqual([...times].sort());
  });

  test('name every constraint and index after what it is for', async () => {
    const { database } = await open();
    const names = await database.query<{ name: string; table: string }>(
      `SELECT conname AS name, conrelid::regclass::text AS table FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND contype <> 'n' AND conrelid <> 0
       UNION
       SELECT indexrelid::regclass::text, indrelid::regclass::text FROM pg_index
       JOIN pg_class ON pg_class.oid = indexrelid
       WHERE relnamespace = 'public'::regnamespace`,
    );
    // TypeORM keeps its own table of migrations, and names what is in it.
    const ours = names.filter(({ table }) => table !== 'migrations');
    expect(ours.length).toBeGreaterThan(20);
    for (const { name, table } of ours) {
      expect(name).toMatch(new RegExp(`^${table}_([a-z_]+_)?(pkey|fkey|key|check|index)$`));
    }
  });
});

describe('three instances that start at the same moment on an empty database', () => {
  test('all come up, and the migrations have run once', async () => {
    const database = await createTestDatabase({ empty: true });
    onTestFinished(() => database.drop());
    const servers = await Promise.all([1, 2, 3].map(() => startTestServer({}, database)));
    onTestFinished(async () => {
      for (const server of servers) await server.stop();
    });
    const ran = await database.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
    const names = ran.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
    const [first, ...others] = servers;
    if (first === undefined) throw new Error('No server came up.');
    const { email } = await registerPerson(first);
    for (const server of others) {
      const { data } = await server.client.graphql<{ login: { errors: unknown[] } }>(
        'mutation ($input: LoginInput!) { login(input: $input) { errors { code } } }',
        { input: { email, password } },
      );
      expect(data.login.errors).toEqual([]);
    }
  });
});

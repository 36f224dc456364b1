import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  readonly url: string;
  /** Runs one statement, for arranging and checking what no operation shows. */
  query<Row = Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** A clean, migrated database of its own, cloned from the template. */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const name = `gatehouse_test_${randomBytes(8).toString('hex')}`;
  const template = options.empty ? 'template0' : inject('templateDatabase');
  // The other way, which writes every page to the log, costs eight times as much.
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  const url = new URL(inject('databaseServer'));
  url.pathname = `/${name}`;
  const database = connectTo(url.href);
  return {
    ...database,
    drop: async () => {
      await database.drop();
      await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** A database that is there already; dropping it only leaves it. */
export function connectTo(url: string): TestDatabase {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // Who drops a database or stops its server ends connections, also those that are just leaving.
  pool.on('error', () => undefined);
  return {
    url,
    query: async <Row>(sql: string, values: readonly unknown[] = []) =>
      (await pool.query(sql, [...values])).rows as Row[],
    drop: () => pool.end(),
  };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('databaseServer') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

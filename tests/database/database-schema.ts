import type { DataSource, QueryRunner } from 'typeorm';
import type { TestDatabase } from '../support/database.ts';

/** Undoes every migration, the last one first. */
export async function migrateDown(dataSource: DataSource): Promise<void> {
  for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
}

/**
 * The statements that would bring the schema to what the entities describe, and those that would take
 * it back. TypeORM asks about all tables at once on one connection, which a later pg will not queue.
 */
export async function missingChanges(
  dataSource: DataSource,
): Promise<{ readonly up: string[]; readonly down: string[] }> {
  const createQueryRunner = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode) => inTurn(createQueryRunner(mode));
  try {
    const { upQueries, downQueries } = await dataSource.driver.createSchemaBuilder().log();
    return {
      up: upQueries.map(({ query }) => query),
      down: downQueries.map(({ query }) => query),
    };
  } finally {
    dataSource.createQueryRunner = createQueryRunner;
  }
}

/** Makes each statement wait for the one before. */
function inTurn(runner: QueryRunner): QueryRunner {
  const query = runner.query.bind(runner) as (...parameters: unknown[]) => Promise<unknown>;
  let last: Promise<unknown> = Promise.resolve();
  return Object.assign(runner, {
    query(...parameters: unknown[]) {
      const turn = last.then(() => query(...parameters));
      last = turn.catch(() => undefined);
      return turn;
    },
  });
}

/** Every column, index and constraint, and the rows that migrations insert, one a line. */
export async function schemaOf(database: Pick<TestDatabase, 'query'>): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    `SELECT format('column %s.%s %s %s %s %s %s %s', table_name, column_name, data_type,
       udt_name, character_maximum_length, datetime_precision, is_nullable, column_default) AS line
     FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> 'migrations'
     UNION ALL
     SELECT format('index %s', indexdef) FROM pg_indexes
     WHERE schemaname = 'public' AND tablename <> 'migrations'
     UNION ALL
     SELECT format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
     FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace AND conrelid <> 'migrations'::regclass
     UNION ALL
     SELECT format('role %s %s %s %s', id, name, description, is_system) FROM roles
     UNION ALL
     SELECT format('installation %s %s', singleton, owner_claimed_at) FROM installation
     ORDER BY line`,
  );
  return rows.map((row) => row.line);
}

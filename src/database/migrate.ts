import { Logger, runMigrations } from 'graphile-worker';
import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';
import { poolOf } from './data-source.ts';

// Any fixed number does; it only has to be the same on every instance.
const migrationLock = 4_028_400_001;

const silent = new Logger(() => () => undefined);

/**
 * Brings the schema up to date, and that of the queue of jobs, which has its own migrations.
 * Instances that start together take turns by an advisory lock, so the second finds nothing left to
 * do. The connection that holds it also runs the migrations, for as long as they take: an index of
 * a large table is not made within the time that a request has.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SET statement_timeout = 0');
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = dataSource.options.migrationsTransactionMode ?? 'each';
    await executor.executePendingMigrations();
    await runMigrations({ pgPool: poolOf(dataSource), logger: silent });
  } finally {
    // When it is the connection that failed, the lock is gone with it, and that fault is the one told.
    await unlock(runner).catch(() => undefined);
    await runner.release();
  }
}

async function unlock(runner: QueryRunner): Promise<void> {
  await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock]);
  await runner.query('RESET statement_timeout');
}

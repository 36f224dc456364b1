import { Logger, runMigrations } from 'graphile-worker';
import type { DataSource } from 'typeorm';
import { poolOf } from './data-source.ts';

// Any fixed number does; it only has to be the same on every instance.
const migrationLock = 4_028_400_001;

const silent = new Logger(() => () => undefined);

/**
 * Brings the schema up to date, and that of the queue of jobs, which has its own migrations. Instances that start together take turns by an advisory lock, so
 * the second finds nothing left to do. Takes a connection of its own for the lock.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SET statement_timeout = 0');
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await dataSource.runMigrations();
    await runMigrations({ pgPool: poolOf(dataSource), logger: silent });
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [migrationLock]);
    await lock.query('RESET statement_timeout');
    await lock.release();
  }
}

import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { RunPrepared } from '../context.ts';

/**
 * Runs named statements on the pool that TypeORM keeps: PostgreSQL parses and plans each once a
 * connection, and TypeORM's query runner stays out of the way. Not for use in transactions.
 */
export function createRunPrepared(dataSource: DataSource): RunPrepared {
  // TypeORM's types do not say it: the Postgres driver's `master` is the pool of `pg`.
  const { master: pool } = dataSource.driver as unknown as { readonly master: Pool };
  return async <Row>(statement: { name: string; text: string }, values: readonly unknown[]) => {
    const { rows } = await pool.query({ ...statement, values: [...values] });
    return rows as Row[];
  };
}

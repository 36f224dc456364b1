import type { DataSource } from 'typeorm';
import type { RunPrepared } from '../context.ts';
import { poolOf } from './data-source.ts';

/**
 * Runs named statements on the pool that TypeORM keeps: PostgreSQL parses and plans each once a
 * connection, and TypeORM's query runner stays out of the way. Not for use in transactions.
 */
export function createRunPrepared(dataSource: DataSource): RunPrepared {
  const pool = poolOf(dataSource);
  return async <Row>(statement: { name: string; text: string }, values: readonly unknown[]) => {
    const { rows } = await pool.query({ ...statement, values: [...values] });
    return rows as Row[];
  };
}

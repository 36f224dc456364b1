import pg from 'pg';
import type { TestDatabase } from './database.ts';
import { poll } from './mailbox.ts';

/** Resolves when a statement has come to wait for a lock in this database. */
export async function someoneWaits(database: TestDatabase): Promise<void> {
  await poll(20_000, 'nobody came to wait for a lock', async () => {
    const waiting = await database.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return waiting.length > 0 ? true : undefined;
  });
}

/**
 * Makes a change, starts `work`, and commits the change when `work` has come to wait for it: what
 * was read before was read of the old state.
 */
export async function commitDuring<T>(
  database: TestDatabase,
  change: { readonly sql: string; readonly values: readonly unknown[] },
  work: () => Promise<T>,
): Promise<T> {
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  try {
    await other.query('BEGIN');
    await other.query(change.sql, [...change.values]);
    const outcome = work();
    await someoneWaits(database);
    await other.query('COMMIT');
    return await outcome;
  } finally {
    await other.end();
  }
}

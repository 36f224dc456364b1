import pg from 'pg';
import { poll } from '../support/mailbox.ts';
import type { TestServer } from '../support/server.ts';

/**
 * Runs `work` while a change of the database waits to be committed, and commits it when the work,
 * or what it set going, has come to wait for it.
 */
export async function meanwhile<T>(
  server: TestServer,
  change: string,
  values: readonly unknown[],
  work: () => Promise<T>,
): Promise<T> {
  const other = new pg.Client({ connectionString: server.database.url });
  await other.connect();
  try {
    await other.query('BEGIN');
    await other.query(change, [...values]);
    const outcome = work();
    await poll(15_000, 'nobody came to wait for the lock', async () => {
      const waiting = await server.database.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting.length > 0 ? waiting : undefined;
    });
    await other.query('COMMIT');
    return await outcome;
  } finally {
    await other.end();
  }
}

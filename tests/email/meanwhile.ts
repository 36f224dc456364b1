import { commitDuring } from '../support/locks.ts';
import type { TestServer } from '../support/server.ts';

/**
 * Runs `work` while a change of the database waits to be committed, and commits it when the work,
 * or what it set going, has come to wait for it.
 */
export function meanwhile<T>(
  { database }: Pick<TestServer, 'database'>,
  sql: string,
  values: readonly unknown[],
  work: () => Promise<T>,
): Promise<T> {
  return commitDuring(database, { sql, values }, work);
}

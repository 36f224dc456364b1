import type { TestDatabase } from '../../support/database.ts';

/** What belongs to users, in the order in which rows refer to each other. */
const tables = ['users', 'role_assignments', 'sessions', 'one_time_tokens', 'images'] as const;

export interface Snapshot {
  /** Has everything as it was, and nothing recorded or mailed since. */
  restore(): Promise<void>;
  /** A digest of all that could have been changed; requests alone do not change it. */
  digest(): Promise<unknown>;
}

/** Keeps the users of a database as they are now, to go back to after each change. */
export async function takeSnapshot(database: TestDatabase): Promise<Snapshot> {
  for (const table of tables) {
    await database.query(`CREATE TABLE saved_${table} AS TABLE ${table}`);
  }
  const restoring = [
    'DELETE FROM mails',
    'DELETE FROM audit_events',
    'DELETE FROM users',
    ...tables.map((table) => `INSERT INTO ${table} SELECT * FROM saved_${table}`),
  ].join(';');
  await database.query(`CREATE FUNCTION restore_snapshot() RETURNS void LANGUAGE sql
    AS $$ ${restoring} $$`);
  const digests = tables.map(
    (table) => `(SELECT md5(string_agg((to_jsonb(t) - 'last_seen_at')::text, ','
      ORDER BY to_jsonb(t)::text)) FROM ${table} t) AS ${table}`,
  );
  return {
    restore: async () => {
      await database.query('SELECT restore_snapshot()');
    },
    digest: async () => {
      const [row] = await database.query(`SELECT ${digests.join(', ')},
        (SELECT count(*) FROM mails) AS mails, (SELECT count(*) FROM audit_events) AS events`);
      return row;
    },
  };
}

import type { Tx } from '../../context.ts';
import { ErrorCode, type UserError } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { isWantedSql } from '../webhook-event/webhook-event.service.ts';

/** A row that was not taken, and everything that speaks against it. */
export interface RefusedRow {
  readonly line: number;
  readonly email: string | null;
  readonly errors: readonly UserError[];
}

/** How many rows were inserted, and how many are left staged. */
export interface Inserted {
  readonly inserted: number;
  readonly left: number;
  /** Who was inserted, where webhooks want to hear of it. */
  readonly told?: readonly UserId[] | null;
}

/** What was inserted is no longer staged when a statement is done. */
const finish = `taken AS (DELETE FROM imported_rows r USING inserted i WHERE r.id = i.id)
  SELECT (SELECT count(*) FROM inserted)::int AS inserted,
    (SELECT count(*) FROM imported_rows)::int - (SELECT count(*) FROM inserted)::int AS left`;

/** Inserts what is staged and not taken: users, their roles, and that Gatehouse imported them. */
export const insertIntoUsers = `
  WITH inserted AS (
    INSERT INTO users (id, email, username, first_name, last_name, password_hash, confirmed_at,
      is_active, timezone, preferred_locale, custom_fields, created_at, updated_at)
    SELECT id, email, username, first_name, last_name, password_hash, confirmed_at,
      is_active, timezone, preferred_locale, custom_fields, coalesce(created_at, now()), now()
    FROM imported_rows ORDER BY line
    ON CONFLICT DO NOTHING RETURNING id
  ), granted AS (
    INSERT INTO role_assignments (user_id, role_id, assigned_at)
    SELECT r.id, role_id, now()
    FROM inserted JOIN imported_rows r USING (id), unnest(r.role_ids) AS role_id
  ), recorded AS (
    INSERT INTO audit_events (id, action, actor_type, subject_id, metadata, created_at)
    SELECT r.audit_id, 'user.imported', 'system', r.id,
      jsonb_build_object('roles', r.role_names), now()
    FROM inserted JOIN imported_rows r USING (id)
  ), ${finish},
    CASE WHEN ${isWantedSql('user.created')}
      THEN (SELECT array_agg(id ORDER BY id) FROM inserted) END AS told`;

/** The same into a table that is gone with the transaction, where nothing is to be made. */
export const insertIntoTrial = `
  WITH inserted AS (
    INSERT INTO imported_trial (id, email, username)
    SELECT id, email, username FROM imported_rows ORDER BY line
    ON CONFLICT DO NOTHING RETURNING id
  ), ${finish}`;

/** Makes the table for `insertIntoTrial`, which holds true for it what does for users. */
export async function createTrial(tx: Tx): Promise<void> {
  for (const statement of [
    'CREATE TEMPORARY TABLE IF NOT EXISTS imported_trial (id uuid, email text, username text)',
    'CREATE UNIQUE INDEX IF NOT EXISTS imported_trial_id ON imported_trial (id)',
    'CREATE UNIQUE INDEX IF NOT EXISTS imported_trial_email ON imported_trial (lower(email))',
    'CREATE UNIQUE INDEX IF NOT EXISTS imported_trial_username ON imported_trial (lower(username))',
  ]) {
    await tx.db.query(statement);
  }
}

interface Conflicts {
  readonly skipped: number;
  readonly refused: readonly RefusedRow[];
  readonly left: number;
}

interface ConflictRow {
  readonly line: number;
  readonly email: string;
  readonly email_taken: boolean | null;
  readonly username_taken: boolean | null;
  readonly id_taken: boolean | null;
}

/** Takes those rows out of the staging table that have one of another table in their way. */
export async function takeConflicts(tx: Tx, table: 'users' | 'imported_trial'): Promise<Conflicts> {
  const [conflicts]: [ConflictRow[], number] = await tx.db.query(takeConflictsSql(table));
  const [{ left } = { left: 0 }]: { left: number }[] = await tx.db.query(
    'SELECT count(*)::int AS left FROM imported_rows',
  );
  const refused = conflicts.filter((row) => !row.email_taken).sort((a, b) => a.line - b.line);
  return {
    skipped: conflicts.length - refused.length,
    refused: refused.map(({ line, email, ...taken }) => ({
      line,
      email,
      errors: (['username', 'id'] as const)
        .filter((field) => taken[`${field}_taken`])
        .map(takenViolation),
    })),
    left,
  };
}

/**
 * Each look-up has a LIMIT: it keeps the planner, who knows nothing of how many rows are staged,
 * from reading all users instead of going through the index.
 */
const takeConflictsSql = (table: string) => `
  WITH examined AS (
    SELECT line,
      (SELECT true FROM ${table} u WHERE lower(u.email) = lower(r.email) LIMIT 1) AS email_taken,
      (SELECT true FROM ${table} u WHERE lower(u.username) = lower(r.username) LIMIT 1)
        AS username_taken,
      (SELECT true FROM ${table} u WHERE u.id = r.id LIMIT 1) AS id_taken
    FROM imported_rows r
  )
  DELETE FROM imported_rows r USING examined e
  WHERE r.line = e.line AND (e.email_taken OR e.username_taken OR e.id_taken)
  RETURNING r.line, r.email, e.email_taken, e.username_taken, e.id_taken`;

const takenViolation = (field: string): UserError => ({
  code: ErrorCode.TAKEN,
  field,
  message: 'is taken',
});

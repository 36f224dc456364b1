import type { TestDatabase } from '../support/database.ts';

export interface AuditRow {
  readonly action: string;
  readonly actor_type: string;
  readonly actor_id: string | null;
  readonly address: string | null;
  readonly user_agent: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What the audit log says about someone (null: about nobody known), oldest first. */
export function auditOf(database: TestDatabase, subjectId: string | null): Promise<AuditRow[]> {
  return database.query<AuditRow>(
    `SELECT action, actor_type, actor_id, host(ip_address) AS address, user_agent, metadata
     FROM audit_events WHERE subject_id IS NOT DISTINCT FROM $1 ORDER BY created_at, id`,
    [subjectId],
  );
}

/** From now on whatever would be recorded fails, as with a full disk. */
export async function breakAudit(database: TestDatabase): Promise<void> {
  await database.query(`CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log cannot be written'; END $$`);
  await database.query(
    'CREATE TRIGGER refuse_entry BEFORE INSERT ON audit_events EXECUTE FUNCTION refuse_entry()',
  );
}

export async function mendAudit(database: TestDatabase): Promise<void> {
  await database.query('DROP FUNCTION refuse_entry() CASCADE');
}

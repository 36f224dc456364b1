import type { DataSource } from 'typeorm';
import type { Actor } from '../../actor.ts';
import { storedUserAgent } from '../../client.ts';
import type { Ctx } from '../../context.ts';
import { newId, type ApiKeyId, type UserId } from '../../identifiers.ts';

type AuditAction =
  | 'user.registered'
  | 'user.created'
  | 'user.activated'
  | 'user.deactivated'
  | 'user.deleted'
  | 'email.confirmation_requested'
  | 'email.confirmed'
  | 'email.unconfirmed'
  | 'email.change_requested'
  | 'email.changed'
  | 'password.reset_requested'
  | 'password.reset'
  | 'password.changed'
  | 'password.set'
  | 'profile.updated'
  | 'avatar.updated'
  | 'avatar.removed'
  | 'credentials.verified'
  | 'token.revoked'
  | 'mail.retried'
  | 'session.fingerprint_mismatch'
  | 'session.opened'
  | 'session.refused'
  | 'session.ended'
  | 'sessions.ended'
  | 'role.created'
  | 'role.updated'
  | 'role.deleted'
  | 'role.assigned'
  | 'role.removed'
  | 'role.backfilled'
  | 'ownership.transferred'
  | 'ownership.recovered'
  | 'api_key.created'
  | 'api_key.rotated'
  | 'api_key.revoked'
  | 'signing_key.created'
  | 'user.imported'
  | 'users.exported'
  | 'fields.updated'
  | 'custom_field.defined'
  | 'custom_field.changed'
  | 'custom_field.removed'
  | 'custom_fields.reordered';

interface Entry {
  readonly action: AuditAction;
  readonly subjectId: UserId | null;
  /** What changed, from and to; never a secret. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Writes one line of the audit log, in the transaction of `ctx` when it is one. */
export function record(ctx: Ctx, entry: Entry): Promise<void> {
  return recordAll(ctx, [entry]);
}

/** Writes a line for each entry, all in one statement. */
export async function recordAll(ctx: Ctx, entries: readonly Entry[]): Promise<void> {
  const { actor, client } = ctx;
  await ctx.db.query(
    `INSERT INTO audit_events
       (id, action, actor_type, actor_id, subject_id, ip_address, user_agent, metadata, created_at)
     SELECT entry.id, entry.action, $5::text, $6::uuid, entry.subject_id, $7::inet, $8::text,
       entry.metadata::jsonb, now()
     FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[])
       AS entry (id, action, subject_id, metadata)`,
    [
      entries.map(() => newId()),
      entries.map((entry) => entry.action),
      entries.map((entry) => entry.subjectId),
      entries.map((entry) => JSON.stringify(entry.metadata ?? {})),
      actor.type,
      actorId(actor),
      client.address,
      storedUserAgent(client.userAgent),
    ],
  );
}

function actorId(actor: Actor): UserId | ApiKeyId | null {
  if (actor.type === 'user') return actor.userId;
  return actor.type === 'key' ? actor.keyId : null;
}

/** Deletes entries older than the retention, a batch at a time. Answers how many. */
export async function sweepAuditEvents(
  dataSource: DataSource,
  retentionDays: number,
): Promise<number> {
  const [, count]: [unknown, number] = await dataSource.query(
    `DELETE FROM audit_events WHERE id IN (
       SELECT id FROM audit_events WHERE created_at < now() - make_interval(days => $1)
       LIMIT 10000 FOR UPDATE SKIP LOCKED)`,
    [retentionDays],
  );
  return count;
}

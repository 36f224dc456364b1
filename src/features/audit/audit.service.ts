import type { DataSource } from 'typeorm';
import type { Actor } from '../../actor.ts';
import { storedUserAgent } from '../../client.ts';
import { isTransaction, type Ctx } from '../../context.ts';
import { newId, type ApiKeyId, type UserId } from '../../identifiers.ts';
import type { WebhookEventType } from '../webhook-event/webhook-event.rules.ts';
import { noteEvents } from '../webhook-event/webhook-event.service.ts';
import { eventOf, type AuditAction } from './audit-action.rules.ts';

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

/**
 * Writes a line for each entry, all in one statement, which also finds out whether webhooks want to
 * hear of it: where nobody does it costs nothing more.
 */
export async function recordAll(ctx: Ctx, entries: readonly Entry[]): Promise<void> {
  const { actor, client } = ctx;
  const types = [...new Set(entries.flatMap(({ action }) => eventOf[action] ?? []))];
  const values = [
    entries.map(() => newId()),
    entries.map((entry) => entry.action),
    entries.map((entry) => entry.subjectId),
    entries.map((entry) => JSON.stringify(entry.metadata ?? {})),
    actor.type,
    actorId(actor),
    client.address,
    storedUserAgent(client.userAgent),
  ];
  if (types.length === 0) await ctx.db.query(insertSql, values);
  else noteWanted(ctx, entries, await ctx.db.query(insertAndFindWantedSql, [...values, types]));
}

const insertSql = `
  INSERT INTO audit_events
    (id, action, actor_type, actor_id, subject_id, ip_address, user_agent, metadata, created_at)
  SELECT entry.id, entry.action, $5::text, $6::uuid, entry.subject_id, $7::inet, $8::text,
    entry.metadata::jsonb, now()
  FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[])
    AS entry (id, action, subject_id, metadata)`;

const insertAndFindWantedSql = `
  WITH written AS (${insertSql})
  SELECT DISTINCT type FROM webhooks, unnest(events) AS type WHERE is_enabled AND type = ANY ($9)`;

function noteWanted(
  ctx: Ctx,
  entries: readonly Entry[],
  wanted: readonly { readonly type: WebhookEventType }[],
): void {
  for (const { type } of wanted) {
    // What is told must be true when it is: only what commits with its entry is.
    if (!isTransaction(ctx)) throw new Error(`${type} was recorded outside a transaction.`);
    const users = entries.filter(({ action }) => eventOf[action] === type);
    noteEvents(
      ctx,
      type,
      users.flatMap(({ subjectId }) => subjectId ?? []),
    );
  }
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

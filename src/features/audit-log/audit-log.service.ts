import type { SelectQueryBuilder } from 'typeorm';
import type { Ctx } from '../../context.ts';
import { parseId } from '../../identifiers.ts';
import { readStretch, type KeysetOrder, type Stretch, type StretchOf } from '../../keyset.ts';
import { readingList } from '../../reading.ts';
import { hasForbiddenCharacters } from '../../text.ts';
import { AuditEvent } from '../audit/audit-event.entity.ts';

/** What the events of a list have in common. What is absent or null is not asked for. */
export interface AuditFilter {
  readonly action?: string | null;
  readonly actorId?: string | null;
  readonly subjectId?: string | null;
  /** At this time or later, and before that time. */
  readonly from?: Date | null;
  readonly to?: Date | null;
}

/** Newest first. */
export const auditOrder = {
  name: 'auditEvents',
  column: '"event"."created_at"',
  idColumn: '"event"."id"',
  type: 'time',
  direction: 'DESC',
} as const satisfies KeysetOrder & { readonly name: string };

/** A stretch of the audit log, from wherever in it it begins. */
export function readAuditEvents(
  ctx: Ctx,
  filter: AuditFilter,
  stretch: Stretch,
): Promise<StretchOf<AuditEvent>> {
  return readingList(ctx, async (ctx) => {
    const query = eventsWith(ctx, filter);
    if (query === undefined) return { rows: [], hasMoreBefore: false, hasMoreAfter: false };
    return readStretch(query, auditOrder, stretch);
  });
}

/** Undefined for what no event can have: a text that is no id, a name that cannot be stored. */
function eventsWith(ctx: Ctx, filter: AuditFilter): SelectQueryBuilder<AuditEvent> | undefined {
  const query = ctx.db.createQueryBuilder(AuditEvent, 'event');
  const { action, from, to } = filter;
  if (isGiven(action)) {
    if (hasForbiddenCharacters(action)) return undefined;
    query.andWhere('"event"."action" = :action', { action });
  }
  for (const [name, column] of idColumns) {
    const given = filter[name];
    if (!isGiven(given)) continue;
    const id = parseId(given);
    if (id === undefined) return undefined;
    query.andWhere(`"event"."${column}" = :${name}`, { [name]: id });
  }
  if (isGiven(from)) query.andWhere('"event"."created_at" >= :from', { from });
  if (isGiven(to)) query.andWhere('"event"."created_at" < :to', { to });
  return query;
}

const idColumns = [
  ['actorId', 'actor_id'],
  ['subjectId', 'subject_id'],
] as const;

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

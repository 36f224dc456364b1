import type { DataSource } from 'typeorm';
import { isAdministrator } from '../../actor.ts';
import { transaction, type Ctx, type Tx } from '../../context.ts';
import { Denial, ErrorCode, refuse } from '../../errors.ts';
import { newId, parseId, type SessionId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { requireAuthorityOver } from '../role/authority.service.ts';
import { Session } from './session.entity.ts';
import { hashSessionToken, newSessionToken, type SessionToken } from './session.token.ts';

export interface OpenedSession {
  readonly token: SessionToken;
  readonly expiresAt: Date;
}

/** Signs a user in, inside the transaction that decided that they may. */
export async function openSession(tx: Tx, userId: UserId): Promise<OpenedSession> {
  const token = newSessionToken();
  const now = new Date();
  const expiresAt = new Date(now.getTime() + tx.config.session.lifetimeSeconds * 1000);
  await tx.db.insert(Session, {
    id: newId<SessionId>(),
    userId,
    tokenHash: hashSessionToken(token),
    ipAddress: tx.client.address,
    userAgent: tx.client.userAgent,
    lastSeenAt: now,
    expiresAt,
    createdAt: now,
  });
  await record(tx, { action: 'session.opened', subjectId: userId });
  return { token, expiresAt };
}

/** The id of the session the caller is using. Denied as `UNAUTHENTICATED` when there is none. */
function currentSessionId(ctx: Ctx): SessionId {
  if (ctx.actor.type !== 'user') throw new Denial('UNAUTHENTICATED', 'Sign in first.');
  return ctx.actor.sessionId;
}

/** Ends the caller's own session. */
export async function signOut(ctx: Ctx): Promise<void> {
  await endSession(ctx, currentSessionId(ctx));
}

/** The caller's live sessions, newest first. There is no way to have more than can be listed. */
export async function listOwnSessions(ctx: Ctx): Promise<Session[]> {
  if (ctx.actor.type !== 'user') return [];
  return ctx.db
    .createQueryBuilder(Session, 'session')
    .where(
      `session.user_id = :userId AND session.expires_at > now()
         AND (:idle::int IS NULL OR session.last_seen_at > now() - make_interval(secs => :idle))`,
      { userId: ctx.actor.userId, idle: ctx.config.session.idleSeconds ?? null },
    )
    .orderBy('session.created_at', 'DESC')
    .addOrderBy('session.id', 'DESC')
    .limit(maxListedSessions)
    .getMany();
}

const maxListedSessions = 1000;

/**
 * Ends one session: the caller's own, or as an administrator someone else's. `NOT_FOUND` when it
 * is gone, and equally when it is not the caller's to see; `INSUFFICIENT_PERMISSIONS` when its
 * holder outranks the administrator.
 */
export function endSession(ctx: Ctx, id: string): Promise<void> {
  return transaction(ctx, async (ctx) => {
    const sessionId = parseId<SessionId>(id);
    const session = sessionId && (await ctx.db.findOneBy(Session, { id: sessionId }));
    const own = session?.userId === actorUserId(ctx);
    if (!session || !(own || isAdministrator(ctx.actor))) {
      refuse(ErrorCode.NOT_FOUND, 'id', 'There is no such session.');
    }
    if (!own) await requireAuthorityOver(ctx, session.userId);
    const { affected } = await ctx.db.delete(Session, { id: session.id });
    if (affected === 0) return; // ended by someone else in this moment, who recorded it
    await record(ctx, { action: 'session.ended', subjectId: session.userId });
  });
}

/** Ends every session of the caller, or all but the one in use. Answers how many. */
export function signOutEverywhere(ctx: Ctx, exceptCurrent: boolean): Promise<number> {
  return transaction(ctx, async (ctx) => {
    const userId = actorUserId(ctx);
    if (userId === undefined) return 0;
    const kept = exceptCurrent ? currentSessionId(ctx) : null;
    const [, count]: [unknown, number] = await ctx.db.query(
      'DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2',
      [userId, kept],
    );
    await record(ctx, { action: 'sessions.ended', subjectId: userId, metadata: { count } });
    return count;
  });
}

function actorUserId(ctx: Ctx): UserId | undefined {
  return ctx.actor.type === 'user' ? ctx.actor.userId : undefined;
}

/** Deletes sessions that have expired or idled out, a batch at a time. Answers how many. */
export async function sweepSessions(
  dataSource: DataSource,
  idleSeconds: number | undefined,
): Promise<number> {
  const [, count]: [unknown, number] = await dataSource.query(
    `DELETE FROM sessions WHERE id IN (
       SELECT id FROM sessions
       WHERE expires_at < now() OR last_seen_at < now() - make_interval(secs => $1::int)
       LIMIT 10000 FOR UPDATE SKIP LOCKED)`,
    [idleSeconds ?? null],
  );
  return count;
}

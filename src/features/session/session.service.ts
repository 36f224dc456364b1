import type { DataSource, EntityManager } from 'typeorm';
import { storedUserAgent } from '../../client.ts';
import { requireUser } from '../../actor.ts';
import { transaction, type Client, type Ctx, type Tx } from '../../context.ts';
import { newId, type SessionId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { Session } from './session.entity.ts';
import { hashUserAgent } from './session.rules.ts';
import { hashSessionToken, newSessionToken, type SessionToken } from './session.token.ts';

export interface OpenedSession {
  readonly id: SessionId;
  readonly token: SessionToken;
  readonly expiresAt: Date;
}

/**
 * Signs a user in on a device, inside the transaction that decided that they may. Address and
 * user agent of the device are the fingerprint that later requests are compared with.
 */
export async function openSession(
  tx: Tx,
  userId: UserId,
  device: Client = tx.client,
  lifetimeSeconds = tx.config.session.lifetimeSeconds,
): Promise<OpenedSession> {
  const id = newId<SessionId>();
  const token = newSessionToken();
  const now = new Date();
  const expiresAt = new Date(now.getTime() + lifetimeSeconds * 1000);
  await tx.db.insert(Session, {
    id,
    userId,
    tokenHash: hashSessionToken(token),
    ipAddress: device.address,
    userAgent: storedUserAgent(device.userAgent),
    userAgentHash: hashUserAgent(device.userAgent),
    lastSeenAt: now,
    expiresAt,
    createdAt: now,
  });
  await record(tx, { action: 'session.opened', subjectId: userId });
  tx.ports.metrics.sessionOpened();
  return { id, token, expiresAt };
}

/** Ends the session in use. That it has ended already, in this moment, is as good. */
export function signOut(ctx: Ctx): Promise<void> {
  return transaction(ctx, async (ctx) => {
    await deleteSession(ctx, requireUser(ctx.actor).sessionId);
  });
}

/** Opens a session for a user and ends the one it takes the place of, whoever's that was. */
export async function openSessionInPlaceOf(
  tx: Tx,
  replacedId: SessionId | undefined,
  userId: UserId,
): Promise<OpenedSession> {
  if (replacedId !== undefined) await deleteSession(tx, replacedId);
  return openSession(tx, userId);
}

/** Deletes one session, whoever's. Answers whether it was still there; only then is it recorded. */
export async function deleteSession(tx: Tx, id: SessionId): Promise<boolean> {
  const [[ended]]: [{ user_id: UserId }[], number] = await tx.db.query(
    'DELETE FROM sessions WHERE id = $1 RETURNING user_id',
    [id],
  );
  if (ended === undefined) return false;
  await record(tx, { action: 'session.ended', subjectId: ended.user_id });
  return true;
}

/** The SQL condition, on `:idle` in seconds or null, for a `session` that has not run out. */
export const liveSession = `session.expires_at > now()
  AND (:idle::int IS NULL OR session.last_seen_at > now() - make_interval(secs => :idle))`;

/** The caller's live sessions, newest first, a thousand at most. */
export async function listOwnSessions(ctx: Ctx): Promise<Session[]> {
  if (ctx.actor.type !== 'user') return [];
  return ctx.db
    .createQueryBuilder(Session, 'session')
    .where(`session.user_id = :userId AND ${liveSession}`, {
      userId: ctx.actor.userId,
      idle: ctx.config.session.idleSeconds ?? null,
    })
    .orderBy('session.created_at', 'DESC')
    .addOrderBy('session.id', 'DESC')
    .limit(maxListedSessions)
    .getMany();
}

const maxListedSessions = 1000;

/** Ends every session of the caller, or all but the one in use. Answers how many. */
export function signOutEverywhere(ctx: Ctx, exceptCurrent: boolean): Promise<number> {
  return transaction(ctx, async (ctx) => {
    if (ctx.actor.type !== 'user') return 0;
    const { userId, sessionId } = ctx.actor;
    const count = await endAllSessions(ctx, userId, exceptCurrent ? sessionId : null);
    await record(ctx, { action: 'sessions.ended', subjectId: userId, metadata: { count } });
    return count;
  });
}

/**
 * Ends every session of a user, on whatever instance it is used, but for the one to be kept.
 * Answers how many; the caller records why.
 */
export async function endAllSessions(
  tx: Tx,
  userId: UserId,
  keptId: SessionId | null = null,
): Promise<number> {
  const [, count]: [unknown, number] = await tx.db.query(
    'DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2',
    [userId, keptId],
  );
  return count;
}

/** Ends every session of many users at once. Answers how many; the caller records why. */
export async function endSessionsOf(tx: Tx, userIds: readonly UserId[]): Promise<number> {
  const [, count]: [unknown, number] = await tx.db.query(
    'DELETE FROM sessions WHERE user_id = ANY($1)',
    [userIds],
  );
  return count;
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

/** How many sessions there are, as the statistics have it: counting millions takes seconds. */
export async function estimateSessions(db: EntityManager): Promise<number> {
  const [row]: { count: number }[] = await db.query(
    `SELECT greatest(reltuples, 0)::float8 AS count FROM pg_class WHERE oid = 'sessions'::regclass`,
  );
  return row?.count ?? 0;
}

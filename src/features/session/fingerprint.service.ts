import { createHash } from 'node:crypto';
import { transaction, type Ctx } from '../../context.ts';
import type { SessionId, UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { compareFingerprints, FingerprintStatus, type Fingerprint } from './session.rules.ts';
import { deleteSession } from './session.service.ts';

interface UsedSession {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly fingerprint: Fingerprint;
}

/**
 * Whether a request may go on with its session, by where it comes from. What differs from the
 * session's beginning is logged and a mismatch recorded; `strict` ends a session at a mismatch.
 * Where nothing differs, the database is not asked.
 */
export async function acceptFingerprint(ctx: Ctx, session: UsedSession): Promise<boolean> {
  const mode = ctx.config.session.fingerprint;
  if (mode === 'off') return true;
  const { address: ipAddress, userAgent } = ctx.client;
  const { status, reason } = compareFingerprints(session.fingerprint, { ipAddress, userAgent });
  if (status === FingerprintStatus.OK) return true;
  const mismatch = status === FingerprintStatus.MISMATCH;
  const refused = mismatch && mode === 'strict';
  if (refused) await endMismatched(ctx, session);
  else if (!(await isNews(ctx, session))) return true;
  else if (mismatch) await recordMismatch(ctx, session);
  ctx.log.warn({ sessionId: session.id, reason, refused }, 'a session is used from elsewhere');
  return !refused;
}

/** Of the requests that arrive together one ends the session, and records why. */
async function endMismatched(ctx: Ctx, session: UsedSession): Promise<void> {
  await transaction(ctx, async (ctx) => {
    if (await deleteSession(ctx, session.id)) await recordMismatch(ctx, session);
  });
  await ctx.ports.sessions.settle();
}

async function recordMismatch(ctx: Ctx, { id, userId, fingerprint }: UsedSession): Promise<void> {
  const metadata = { sessionId: id, openedFrom: fingerprint.ipAddress };
  await record(ctx, { action: 'session.fingerprint_mismatch', subjectId: userId, metadata });
}

// Someone who travelled differs with every request until they sign in again.
const newsMilliseconds = 60 * 60 * 1000;

/**
 * Whether this session was not used from this very place within the hour, over all instances: a
 * second place is news at once, and one place is told of once. The store of limits decides it, and
 * through the leases this process remembers.
 */
async function isNews({ ports, client, log }: Ctx, { id }: UsedSession): Promise<boolean> {
  const place = JSON.stringify([client.address, client.userAgent]);
  const digest = createHash('sha256').update(place).digest('base64url');
  try {
    const key = `FINGERPRINT:${id}:${digest}`;
    return (await ports.requestLimits.take(key, 1, newsMilliseconds, 1)).granted === 1;
  } catch (error) {
    log.error({ err: error }, 'the store of rate limits cannot be reached');
    return true; // rather told of twice than not at all
  }
}

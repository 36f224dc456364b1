import { transaction, type Ctx } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { requireDevice, type NamedDevice } from './named-device.service.ts';
import { noticeNewDevice } from './new-device.service.ts';
import type { User } from '../user/user.entity.ts';
import { openSession, type OpenedSession } from '../session/session.service.ts';
import { verifyCredentials, type Credentials } from './sign-in.service.ts';

export interface OpenedFor extends OpenedSession {
  readonly userId: UserId;
}

/**
 * For servers: whose credentials these are, typed by someone at `ipAddress`. Refuses as `signIn`
 * does, and with `INVALID` on `ipAddress`.
 */
export async function verifyCredentialsFor(
  ctx: Ctx,
  credentials: Credentials,
  device: NamedDevice,
): Promise<User> {
  return verifyCredentials(speakingFor(ctx, device), credentials);
}

/**
 * For servers: a session for an active user whom the server has let in by itself. Its fingerprint
 * is the named device; a part that is not named is never compared. Refuses with `NOT_FOUND` and
 * `ACCOUNT_INACTIVE` on `userId`, and with `INVALID` on `ipAddress` and `userAgent`.
 */
export async function createSession(
  ctx: Ctx,
  userId: string,
  named: NamedDevice,
): Promise<OpenedFor> {
  const device = requireDevice(named);
  const id = parseId<UserId>(userId) ?? refuseMissing();
  const session = await transaction(speakingFor(ctx, named), async (ctx) => {
    const [, stamped]: [unknown, number] = await ctx.db.query(
      'UPDATE users SET last_sign_in_at = now() WHERE id = $1 AND is_active',
      [id],
    );
    if (stamped === 0) return undefined;
    if (device.userAgent !== null) await noticeNewDevice(ctx, id);
    return { userId: id, ...(await openSession(ctx, id, device)) };
  });
  return session ?? refuseSession(ctx, id);
}

/** The device is the client that limits and the audit log see; unless none is named. */
function speakingFor(ctx: Ctx, named: NamedDevice): Ctx {
  const client = requireDevice(named);
  return client.address === null && client.userAgent === null ? ctx : { ...ctx, client };
}

async function refuseSession(ctx: Ctx, id: UserId): Promise<never> {
  const known: unknown[] = await ctx.db.query('SELECT FROM users WHERE id = $1', [id]);
  if (known.length === 0) return refuseMissing();
  const metadata = { reason: ErrorCode.ACCOUNT_INACTIVE };
  await record(ctx, { action: 'session.refused', subjectId: id, metadata });
  return refuse(ErrorCode.ACCOUNT_INACTIVE, 'userId', 'This account has been deactivated.');
}

function refuseMissing(): never {
  return refuse(ErrorCode.NOT_FOUND, 'userId', 'There is no such user.');
}

import { SignJWT } from 'jose';
import { requireUser } from '../../actor.ts';
import { transaction, type Client, type Ctx } from '../../context.ts';
import { ErrorCode, refuse, signInFirst } from '../../errors.ts';
import { newId, parseId, type SessionId, type UserId } from '../../identifiers.ts';
import { openSession } from '../session/session.service.ts';
import { accessTokenType } from './access-token.rules.ts';
import { signingKey, type PrivateKey } from './signing-key.service.ts';

export interface AccessToken {
  readonly accessToken: string;
  readonly expiresAt: Date;
}

/** Who a token is for, and the session it lives and ends with. */
interface Holder {
  readonly userId: UserId;
  readonly roleNames: readonly string[];
  readonly sessionId: SessionId;
  readonly sessionExpiresAt: Date;
}

/**
 * Makes a signed token that others can verify by themselves for `ACCESS_TOKEN_TTL`, or as long as
 * the session lasts. For a user it stands on the session in use. For an API key, which names the user,
 * a session is opened that lives as long as the token, whose own token nobody gets, and which ends
 * like any other.
 *
 * Refuses with `INSUFFICIENT_PERMISSIONS` (another user's), and for keys with `REQUIRED`,
 * `NOT_FOUND` and `ACCOUNT_INACTIVE`, all on `userId`.
 */
export async function createAccessToken(
  ctx: Ctx,
  issuer: string,
  userId: string | null | undefined,
): Promise<AccessToken> {
  const key = await signingKey(ctx);
  const holder =
    ctx.actor.type === 'key' ? await holderFor(ctx, userId) : await callerAsHolder(ctx, userId);
  return sign(key, issuer, ctx.config.tokenSeconds.access, holder);
}

async function callerAsHolder(ctx: Ctx, userId: string | null | undefined): Promise<Holder> {
  const actor = requireUser(ctx.actor);
  if (userId !== null && userId !== undefined && parseId(userId) !== actor.userId) {
    const message = 'Users get access tokens for themselves only.';
    refuse(ErrorCode.INSUFFICIENT_PERMISSIONS, 'userId', message);
  }
  const [session]: { expires_at: Date }[] = await ctx.db.query(
    'SELECT expires_at FROM sessions WHERE id = $1 AND expires_at > now()',
    [actor.sessionId],
  );
  if (session === undefined) throw signInFirst();
  return { ...actor, sessionExpiresAt: session.expires_at };
}

// The server that asks is not the device of the person: with whatever a token is used, it is good.
const nowhere: Client = { address: null, userAgent: null };

function holderFor(ctx: Ctx, text: string | null | undefined): Promise<Holder> {
  if (text === null || text === undefined) {
    return refuse(ErrorCode.REQUIRED, 'userId', 'must be given by an API key');
  }
  const userId = parseId<UserId>(text) ?? refuseMissing();
  return transaction(ctx, async (ctx) => {
    // Locked, so that who is deactivated in this moment keeps no session that is opened here.
    const [user]: { is_active: boolean; role_names: string[] }[] = await ctx.db.query(
      `SELECT is_active, ARRAY(
         SELECT r.name FROM role_assignments a JOIN roles r ON r.id = a.role_id
         WHERE a.user_id = users.id ORDER BY r.name)::text[] AS role_names
       FROM users WHERE id = $1 FOR SHARE OF users`,
      [userId],
    );
    if (user === undefined) return refuseMissing();
    if (!user.is_active) {
      refuse(ErrorCode.ACCOUNT_INACTIVE, 'userId', 'This account has been deactivated.');
    }
    const { id: sessionId, expiresAt: sessionExpiresAt } = await openSession(
      ctx,
      userId,
      nowhere,
      ctx.config.tokenSeconds.access,
    );
    return { userId, roleNames: user.role_names, sessionId, sessionExpiresAt };
  });
}

async function sign(
  key: PrivateKey,
  issuer: string,
  lifeSeconds: number,
  holder: Holder,
): Promise<AccessToken> {
  const issuedAt = Math.floor(Date.now() / 1000);
  const sessionEnd = Math.floor(holder.sessionExpiresAt.getTime() / 1000);
  const expiry = Math.min(issuedAt + lifeSeconds, sessionEnd);
  const accessToken = await new SignJWT({ sid: holder.sessionId, roles: holder.roleNames })
    .setProtectedHeader({ alg: 'ES256', typ: accessTokenType, kid: key.id })
    .setSubject(holder.userId)
    .setIssuer(issuer)
    .setAudience(issuer)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiry)
    .setJti(newId())
    .sign(key.jwk);
  return { accessToken, expiresAt: new Date(expiry * 1000) };
}

function refuseMissing(): never {
  return refuse(ErrorCode.NOT_FOUND, 'userId', 'There is no such user.');
}

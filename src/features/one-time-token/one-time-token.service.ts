import type { DataSource } from 'typeorm';
import type { Ctx, Tx } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import { newId, type UserId } from '../../identifiers.ts';
import {
  hashOneTimeToken,
  newOneTimeToken,
  parseOneTimeToken,
  tokenLives,
  type OneTimeTokenText,
  type TokenContext,
} from './one-time-token.rules.ts';

export interface TokenHolder {
  readonly id: UserId;
  /** The user's address now; the token dies when it changes. */
  readonly email: string;
}

/** Issues a token for mailing. It takes the place of an older one of its kind. */
export async function issueToken(
  tx: Tx,
  context: TokenContext,
  holder: TokenHolder,
  sentTo: string = holder.email,
): Promise<OneTimeTokenText> {
  const token = newOneTimeToken();
  await tx.db.query(
    `INSERT INTO one_time_tokens
       (id, user_id, context, token_hash, email, sent_to, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, now(), now() + make_interval(secs => $7))
     ON CONFLICT (user_id, context) DO UPDATE SET (id, token_hash, email, sent_to, created_at, expires_at)
       = (excluded.id, excluded.token_hash, excluded.email, excluded.sent_to, excluded.created_at,
          excluded.expires_at)`,
    [
      newId(),
      holder.id,
      context,
      hashOneTimeToken(token),
      holder.email,
      sentTo,
      tx.config.tokenSeconds[tokenLives[context]],
    ],
  );
  return token;
}

export interface RedeemedToken {
  readonly userId: UserId;
  /** The user's address. */
  readonly email: string;
  /** The address the token was mailed to. */
  readonly sentTo: string;
}

// A token is good for an active user who still has the address it was issued for.
const live = `u.id = t.user_id AND u.is_active AND lower(u.email) = lower(t.email)
  AND t.token_hash = $1 AND t.context = $2 AND t.expires_at > now()`;

/**
 * Uses a token up, in the transaction of what it allows. One statement deletes and returns it: of
 * simultaneous redemptions one gets the row. It locks the user first, as every change of a user
 * does, so that none of them waits for another in a ring. Refuses with `INVALID_TOKEN` on `token`,
 * whatever is wrong with it.
 */
export async function redeemToken(
  tx: Tx,
  context: TokenContext,
  text: string,
): Promise<RedeemedToken> {
  const token = parseOneTimeToken(text);
  if (token === undefined) return refuseToken();
  const [rows]: [{ user_id: UserId; email: string; sent_to: string }[], number] = await tx.db.query(
    `WITH holder AS MATERIALIZED (
       SELECT u.id, u.email FROM users u, one_time_tokens t WHERE ${live} FOR NO KEY UPDATE OF u)
     DELETE FROM one_time_tokens t USING holder
     WHERE t.user_id = holder.id AND t.token_hash = $1
     RETURNING t.user_id, holder.email, t.sent_to`,
    [hashOneTimeToken(token), context],
  );
  const [row] = rows;
  if (row === undefined) return refuseToken();
  return { userId: row.user_id, email: row.email, sentTo: row.sent_to };
}

export function refuseToken(): never {
  return refuse(
    ErrorCode.INVALID_TOKEN,
    'token',
    'This link has been used, has expired, or is not right.',
  );
}

export interface LiveToken extends RedeemedToken {
  readonly expiresAt: Date;
}

/** Looks at a token without using it up; undefined unless it could be redeemed. */
export async function findToken(
  ctx: Ctx,
  context: TokenContext,
  text: string,
): Promise<LiveToken | undefined> {
  const token = parseOneTimeToken(text);
  if (token === undefined) return undefined;
  const [row]: { user_id: UserId; email: string; sent_to: string; expires_at: Date }[] =
    await ctx.db.query(
      `SELECT t.user_id, u.email, t.sent_to, t.expires_at
       FROM one_time_tokens t, users u WHERE ${live}`,
      [hashOneTimeToken(token), context],
    );
  if (row === undefined) return undefined;
  const { user_id: userId, email, sent_to: sentTo, expires_at: expiresAt } = row;
  return { userId, email, sentTo, expiresAt };
}

/** Makes every token of a user worthless, or those of one kind. */
export async function revokeTokens(
  tx: Tx,
  userId: UserId,
  context: TokenContext | null = null,
): Promise<void> {
  await tx.db.query(
    'DELETE FROM one_time_tokens WHERE user_id = $1 AND ($2::text IS NULL OR context = $2)',
    [userId, context],
  );
}

/** Deletes tokens that have expired, a batch at a time. Answers how many. */
export async function sweepTokens(dataSource: DataSource): Promise<number> {
  const [, count]: [unknown, number] = await dataSource.query(
    `DELETE FROM one_time_tokens WHERE id IN (
       SELECT id FROM one_time_tokens WHERE expires_at < now()
       LIMIT 10000 FOR UPDATE SKIP LOCKED)`,
  );
  return count;
}

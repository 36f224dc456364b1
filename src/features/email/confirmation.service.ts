import { transaction, type Ctx, type Tx } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { cleanText } from '../../text.ts';
import { record } from '../audit/audit.service.ts';
import { openMailRequest, requestMail } from '../mail/mail-request.service.ts';
import { queueMail } from '../mail/mail.service.ts';
import { issueToken, redeemToken } from '../one-time-token/one-time-token.service.ts';

/**
 * Asks for a new confirmation mail. Refuses with what is wrong with the address itself, and with
 * `ALREADY_CONFIRMED` a caller who asks for the own, confirmed address. Whether any other address
 * has an account, or one that needs the mail, is found out in a job and told to nobody.
 */
export async function requestConfirmation(ctx: Ctx, typed: string): Promise<void> {
  await refuseOwnConfirmed(ctx, typed);
  await requestMail(ctx, 'answer-confirmation-request', typed);
}

async function refuseOwnConfirmed(ctx: Ctx, typed: string): Promise<void> {
  if (ctx.actor.type !== 'user') return;
  const [own]: { email: string; confirmed_at: Date | null }[] = await ctx.db.query(
    'SELECT email, confirmed_at FROM users WHERE id = $1',
    [ctx.actor.userId],
  );
  if (own === undefined || own.confirmed_at === null) return;
  if (cleanText(typed)?.toLowerCase() === own.email.toLowerCase()) {
    refuse(ErrorCode.ALREADY_CONFIRMED, 'email', 'is confirmed already');
  }
}

interface Unconfirmed {
  readonly id: UserId;
  readonly email: string;
  readonly preferred_locale: string | null;
}

/** Sends a new confirmation mail, if the address has an active account that needs one. */
export async function answerConfirmationRequest(ctx: Ctx, sealed: string): Promise<void> {
  const request = openMailRequest(ctx, sealed);
  await transaction(request.ctx, async (ctx) => {
    // Locked, so that a confirmation in this moment comes first and makes the mail needless.
    const [user]: Unconfirmed[] = await ctx.db.query(
      `SELECT id, email, preferred_locale FROM users
       WHERE lower(email) = lower($1) AND is_active AND confirmed_at IS NULL FOR NO KEY UPDATE`,
      [request.email],
    );
    if (user === undefined) return;
    await sendConfirmation(ctx, { ...user, locale: user.preferred_locale });
    await record(ctx, { action: 'email.confirmation_requested', subjectId: user.id });
  });
}

/** Mails a user a link that proves the address. An older one no longer works. */
export async function sendConfirmation(
  tx: Tx,
  user: { readonly id: UserId; readonly email: string; readonly locale: string | null },
): Promise<void> {
  const token = await issueToken(tx, 'confirm', user);
  await queueMail(tx, 'confirm', { userId: user.id, ...user }, { token });
}

/**
 * Confirms the address a token was mailed to, and answers whose it is. An address that was
 * confirmed by other means meanwhile keeps the earlier time. Refuses with `INVALID_TOKEN`.
 */
export function confirmEmail(ctx: Ctx, token: string): Promise<UserId> {
  return transaction(ctx, async (ctx) => {
    // A user has one token of a kind, so none is left for confirming.
    const { userId } = await redeemToken(ctx, 'confirm', token);
    await ctx.db.query(
      `UPDATE users SET confirmed_at = coalesce(confirmed_at, now()), updated_at = now()
       WHERE id = $1`,
      [userId],
    );
    await record(ctx, { action: 'email.confirmed', subjectId: userId });
    return userId;
  });
}

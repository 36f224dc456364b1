import { transaction, type Ctx, type Tx } from '../../context.ts';
import { Refusal } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { openMailRequest, requestMail } from '../mail/mail-request.service.ts';
import { queueMail } from '../mail/mail.service.ts';
import {
  findToken,
  issueToken,
  redeemToken,
  refuseToken,
} from '../one-time-token/one-time-token.service.ts';
import {
  findPasswordHolder,
  replacementViolations,
  replacePassword,
  type NewPassword,
} from '../password-change/password-replacement.service.ts';
import { hashNewPassword } from '../password/password.service.ts';
import { maskEmail } from './password-reset.rules.ts';

/**
 * Mails a link for a new password to an active user of that address. The answer and its time are
 * the same whether there is one. Refuses with what is wrong with the address itself.
 */
export function requestPasswordReset(ctx: Ctx, email: string): Promise<void> {
  return requestMail(ctx, 'answer-reset-request', email);
}

/** Sends a link for a new password, if the address has an active account. */
export async function answerResetRequest(ctx: Ctx, sealed: string): Promise<void> {
  const request = openMailRequest(ctx, sealed);
  await transaction(request.ctx, async (ctx) => {
    // Locked, so that a deactivation in this moment takes the new link with it or comes first.
    const [user]: { id: UserId; email: string; locale: string | null }[] = await ctx.db.query(
      `SELECT id, email, preferred_locale AS locale FROM users
       WHERE lower(email) = lower($1) AND is_active FOR NO KEY UPDATE`,
      [request.email],
    );
    if (user === undefined) return;
    const { id: userId, email, locale } = user;
    const token = await issueToken(ctx, 'reset_password', user);
    await queueMail(ctx, 'reset-password', { userId, email, locale }, { token });
    await record(ctx, { action: 'password.reset_requested', subjectId: userId });
  });
}

export interface OpenReset {
  readonly maskedEmail: string;
  readonly expiresAt: Date;
}

/** What a link for a new password is good for; null when it is not, for whatever reason. */
export async function findReset(ctx: Ctx, token: string): Promise<OpenReset | null> {
  const found = await findToken(ctx, 'reset_password', token);
  return found ? { maskedEmail: maskEmail(found.email), expiresAt: found.expiresAt } : null;
}

/**
 * Sets a new password by a mailed token: every session and token of the user ends, and who has
 * read the mail has confirmed the address. Refuses with `INVALID_TOKEN`, or with everything the
 * password violates, `UNCHANGED` among it, and then leaves the token as good as before.
 */
export async function resetPassword(ctx: Ctx, token: string, wanted: NewPassword): Promise<UserId> {
  const found = await findToken(ctx, 'reset_password', token);
  const holder = found && (await findPasswordHolder(ctx, found.userId));
  if (holder === undefined) return refuseToken();
  const violations = await replacementViolations(ctx, holder, wanted);
  if (violations.length > 0) throw new Refusal(violations);
  const passwordHash = await hashNewPassword(ctx, wanted.password, 'password');
  return transaction(ctx, async (ctx) => {
    // Used up only here. That it is still there also says that nobody else set a password since.
    const { userId } = await redeemToken(ctx, 'reset_password', token);
    const sessionsEnded = (await replacePassword(ctx, holder, passwordHash)) ?? refuseToken();
    const metadata = { sessionsEnded };
    await record(ctx, { action: 'password.reset', subjectId: userId, metadata });
    await confirmAddress(ctx, userId);
    return userId;
  });
}

/** The token reached the user's address, which proves it as well as a confirmation would. */
async function confirmAddress(tx: Tx, userId: UserId): Promise<void> {
  const [, confirmed]: [unknown, number] = await tx.db.query(
    'UPDATE users SET confirmed_at = now() WHERE id = $1 AND confirmed_at IS NULL',
    [userId],
  );
  if (confirmed === 1) await record(tx, { action: 'email.confirmed', subjectId: userId });
}

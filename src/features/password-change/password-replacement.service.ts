import type { Ctx, PasswordHash, Tx } from '../../context.ts';
import { ErrorCode, type UserError } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { queueMail } from '../mail/mail.service.ts';
import { revokeTokens } from '../one-time-token/one-time-token.service.ts';
import {
  confirmationViolations,
  normalizePassword,
  passwordViolations,
} from '../password/password.rules.ts';
import { verifyPassword } from '../password/password.service.ts';
import { endAllSessions } from '../session/session.service.ts';

/** Whose password is replaced: what the new one must differ from, and where the notice goes. */
export interface PasswordHolder {
  readonly id: UserId;
  readonly email: string;
  readonly username: string | null;
  readonly locale: string | null;
  readonly passwordHash: PasswordHash;
  readonly isActive: boolean;
}

export interface NewPassword {
  readonly password: string;
  readonly passwordConfirmation?: string | null | undefined;
}

/** An active user with what replacing the password needs; undefined when there is none. */
export async function findPasswordHolder(
  ctx: Ctx,
  userId: UserId,
): Promise<PasswordHolder | undefined> {
  const holder = await findAnyPasswordHolder(ctx, userId);
  return holder?.isActive ? holder : undefined;
}

/** The same of any user, active or not. */
export async function findAnyPasswordHolder(
  ctx: Ctx,
  userId: UserId,
): Promise<PasswordHolder | undefined> {
  const [holder]: PasswordHolder[] = await ctx.db.query(
    `SELECT id, email, username, preferred_locale AS locale, password_hash AS "passwordHash",
       is_active AS "isActive"
     FROM users WHERE id = $1`,
    [userId],
  );
  return holder;
}

/**
 * Everything the new password violates, but for being the current one, which its caller finds out
 * in a way of its own. `path` stands before the names of the fields, such as `input.`.
 */
export function newPasswordViolations(
  ctx: Ctx,
  holder: PasswordHolder,
  wanted: NewPassword,
  path = '',
): UserError[] {
  const password = normalizePassword(wanted.password);
  const names = [holder.email, holder.username];
  return [
    ...passwordViolations(ctx.config.password, password, `${path}password`, names),
    ...confirmationViolations(password, wanted.passwordConfirmation, `${path}passwordConfirmation`),
  ];
}

/**
 * The same, and whether the new password is the current one; for who has shown that they may set
 * it in another way than by the current one, to whom this would be a guess at it.
 */
export async function replacementViolations(
  ctx: Ctx,
  holder: PasswordHolder,
  wanted: NewPassword,
): Promise<UserError[]> {
  const violations = newPasswordViolations(ctx, holder, wanted);
  const same = await verifyPassword(ctx, wanted.password, holder.passwordHash);
  return same ? [unchangedPassword(), ...violations] : violations;
}

export function unchangedPassword(path = ''): UserError {
  const message = 'must differ from the current password';
  return { code: ErrorCode.UNCHANGED, field: `${path}password`, message };
}

/**
 * Gives a user a new password, unless they have been deactivated since they were found active.
 * Every session and every mailed token of the user ends with the old one, and a notice goes to
 * their address. With `verified`, only if that is still the stored hash: of simultaneous changes
 * one wins. Answers how many sessions ended, or undefined when the password was not replaced.
 */
export async function replacePassword(
  tx: Tx,
  holder: PasswordHolder,
  passwordHash: PasswordHash,
  verified: PasswordHash | null = null,
): Promise<number | undefined> {
  const [, replaced]: [unknown, number] = await tx.db.query(
    `UPDATE users SET password_hash = $2, updated_at = now()
     WHERE id = $1 AND (is_active OR NOT $4) AND ($3::text IS NULL OR password_hash = $3)`,
    [holder.id, passwordHash, verified, holder.isActive],
  );
  if (replaced === 0) return undefined;
  await revokeTokens(tx, holder.id);
  const sessionsEnded = await endAllSessions(tx, holder.id);
  const { id: userId, email, locale } = holder;
  await queueMail(tx, 'password-changed', { userId, email, locale }, {});
  return sessionsEnded;
}

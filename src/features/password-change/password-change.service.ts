import { requireUser } from '../../actor.ts';
import { transaction, type Ctx } from '../../context.ts';
import { ErrorCode, Refusal, signInFirst, type UserError } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { normalizePassword } from '../password/password.rules.ts';
import { hashNewPassword, verifyPassword } from '../password/password.service.ts';
import { openSession, type OpenedSession } from '../session/session.service.ts';
import {
  findPasswordHolder,
  newPasswordViolations,
  replacePassword,
  unchangedPassword,
  type NewPassword,
  type PasswordHolder,
} from './password-replacement.service.ts';

export interface PasswordChange extends NewPassword {
  readonly currentPassword: string;
}

export interface ChangedPassword extends OpenedSession {
  readonly userId: UserId;
}

/**
 * Replaces the caller's password and opens a fresh session; all others end, and so does every
 * mailed token. Refuses with `INVALID_CREDENTIALS` for a wrong current password, `UNCHANGED`, and
 * whatever the new one violates, all at once.
 */
export async function changePassword(ctx: Ctx, input: PasswordChange): Promise<ChangedPassword> {
  // A sign-in re-hashed the password while it was being verified: once more from the top. When it
  // was replaced instead, the second try finds the current password wrong.
  const changed = (await tryChange(ctx, input)) ?? (await tryChange(ctx, input));
  if (changed === undefined) throw new Refusal([wrongPassword]);
  return changed;
}

/** Undefined when the stored password changed while the current one was being verified. */
async function tryChange(ctx: Ctx, input: PasswordChange): Promise<ChangedPassword | undefined> {
  const holder = await requireHolder(ctx);
  const violations = await violationsOf(ctx, holder, input);
  if (violations.length > 0) throw new Refusal(violations);
  const passwordHash = await hashNewPassword(ctx, input.password, 'input.password');
  return transaction(ctx, async (ctx) => {
    const { id: userId, passwordHash: verified } = holder;
    const sessionsEnded = await replacePassword(ctx, holder, passwordHash, verified);
    if (sessionsEnded === undefined) return undefined;
    const metadata = { sessionsEnded };
    await record(ctx, { action: 'password.changed', subjectId: userId, metadata });
    return { userId, ...(await openSession(ctx, userId)) };
  });
}

/** Everything for which `changePassword` would be refused at this moment; changes nothing. */
export async function passwordChangeViolations(
  ctx: Ctx,
  input: PasswordChange,
): Promise<UserError[]> {
  return violationsOf(ctx, await requireHolder(ctx), input);
}

async function requireHolder(ctx: Ctx): Promise<PasswordHolder> {
  const holder = await findPasswordHolder(ctx, requireUser(ctx.actor).userId);
  if (holder === undefined) throw signInFirst();
  return holder;
}

async function violationsOf(
  ctx: Ctx,
  holder: PasswordHolder,
  input: PasswordChange,
): Promise<UserError[]> {
  const violations = newPasswordViolations(ctx, holder, input, 'input.');
  // The new password is never held against the stored hash: one call would be two guesses.
  if (!(await verifyPassword(ctx, input.currentPassword, holder.passwordHash))) {
    return [wrongPassword, ...violations];
  }
  const same = normalizePassword(input.password) === normalizePassword(input.currentPassword);
  return same ? [unchangedPassword('input.'), ...violations] : violations;
}

const wrongPassword: UserError = {
  code: ErrorCode.INVALID_CREDENTIALS,
  field: 'input.currentPassword',
  message: 'The password is not right.',
};

import { transaction, type Ctx, type Tx } from '../../context.ts';
import { Refusal } from '../../errors.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { hashNewPassword } from '../password/password.service.ts';
import {
  refuseMissingUser,
  requireAuthorityOver,
  requireSomeoneElse,
} from '../role/authority.service.ts';
import {
  findAnyPasswordHolder,
  replacementViolations,
  replacePassword,
  type NewPassword,
  type PasswordHolder,
} from './password-replacement.service.ts';

/**
 * Gives another user a new password, active or not: every session and every mailed token of theirs
 * ends, and they are told by mail. Refuses with `NOT_FOUND`; with `INSUFFICIENT_PERMISSIONS`, also
 * for oneself, since that would get around the current password; and with everything the new
 * password violates, `UNCHANGED` among it.
 */
export async function setPasswordOf(
  ctx: Ctx,
  userId: string,
  wanted: NewPassword,
): Promise<UserId> {
  const targetId = parseId<UserId>(userId) ?? refuseMissingUser();
  // Before anything is said of the password, or any work done for it; and again when it is set.
  const found = await transaction(ctx, (ctx) => requireHolder(ctx, targetId));
  const violations = await replacementViolations(ctx, found, wanted);
  if (violations.length > 0) throw new Refusal(violations);
  const passwordHash = await hashNewPassword(ctx, wanted.password, 'password');
  return transaction(ctx, async (ctx) => {
    // As they are by now: the notice goes to the address they have.
    const holder = await requireHolder(ctx, targetId);
    const sessionsEnded = await replacePassword(ctx, holder, passwordHash);
    const metadata = { sessionsEnded };
    await record(ctx, { action: 'password.set', subjectId: targetId, metadata });
    return targetId;
  });
}

/** Whose password the caller may set, locked until the transaction ends. */
async function requireHolder(tx: Tx, targetId: UserId): Promise<PasswordHolder> {
  await requireAuthorityOver(tx, targetId);
  requireSomeoneElse(tx, targetId);
  return (await findAnyPasswordHolder(tx, targetId)) ?? refuseMissingUser();
}

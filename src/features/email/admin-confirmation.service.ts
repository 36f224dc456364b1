import { transaction, type Ctx, type Tx } from '../../context.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { revokeTokens } from '../one-time-token/one-time-token.service.ts';
import {
  refuseMissingUser,
  requireAuthorityOver,
  requireSomeoneElse,
} from '../role/authority.service.ts';

/** What becomes of a confirmation. */
export type ConfirmationChange = 'confirm' | 'unconfirm' | 'toggle';

/**
 * Confirms a user's address without a mail, or takes the confirmation away; what is so already
 * stays as it is. Sessions go on: until they confirm again, users without a confirmed address may
 * do little in them. Refuses with `NOT_FOUND`, and `INSUFFICIENT_PERMISSIONS`, also for oneself.
 */
export function changeConfirmation(
  ctx: Ctx,
  userId: string,
  change: ConfirmationChange,
): Promise<UserId> {
  return transaction(ctx, async (ctx) => {
    const targetId = parseId<UserId>(userId) ?? refuseMissingUser();
    await requireAuthorityOver(ctx, targetId);
    requireSomeoneElse(ctx, targetId);
    await writeConfirmation(ctx, targetId, change);
    return targetId;
  });
}

/** The user is locked by whoever asks: of two who toggle at once one confirms, one undoes it. */
async function writeConfirmation(
  tx: Tx,
  userId: UserId,
  change: ConfirmationChange,
): Promise<void> {
  const [[written]]: [{ confirmed: boolean }[], number] = await tx.db.query(
    `UPDATE users SET confirmed_at = CASE WHEN confirmed_at IS NULL THEN now() END,
       updated_at = now()
     WHERE id = $1 AND ($2 = 'toggle' OR (confirmed_at IS NULL) = ($2 = 'confirm'))
     RETURNING confirmed_at IS NOT NULL AS confirmed`,
    [userId, change],
  );
  if (written === undefined) return;
  if (written.confirmed) await revokeTokens(tx, userId, 'confirm');
  const action = written.confirmed ? 'email.confirmed' : 'email.unconfirmed';
  await record(tx, { action, subjectId: userId });
}

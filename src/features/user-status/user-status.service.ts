import { transaction, type Ctx, type Tx } from '../../context.ts';
import { ErrorCode } from '../../errors.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { revokeTokens } from '../one-time-token/one-time-token.service.ts';
import {
  refuseMissingUser,
  requireAuthorityOver,
  requireSomeoneElse,
} from '../role/authority.service.ts';
import { keepingAnActiveOwner } from '../role/ownership.service.ts';
import { endAllSessions } from '../session/session.service.ts';

/**
 * Activates or deactivates a user; repeating it changes nothing. Who is deactivated is signed out
 * everywhere and has no good link in any mail; activating revives none of it. Refuses with
 * `NOT_FOUND`, `CANNOT_DEACTIVATE_LAST_OWNER`, and `INSUFFICIENT_PERMISSIONS`, also for oneself.
 */
export function setUserStatus(ctx: Ctx, userId: string, isActive: boolean): Promise<UserId> {
  return transaction(ctx, async (ctx) => {
    const targetId = parseId<UserId>(userId) ?? refuseMissingUser();
    const change = async () => {
      await requireAuthorityOver(ctx, targetId);
      await writeStatus(ctx, targetId, isActive);
    };
    if (isActive) await change();
    else await keepingAnActiveOwner(ctx, ErrorCode.CANNOT_DEACTIVATE_LAST_OWNER, change);
    // Last, because the last Owner is to hear that there must be one, which nobody else can mend.
    requireSomeoneElse(ctx, targetId);
    return targetId;
  });
}

async function writeStatus(tx: Tx, userId: UserId, isActive: boolean): Promise<void> {
  const [, changed]: [unknown, number] = await tx.db.query(
    'UPDATE users SET is_active = $2, updated_at = now() WHERE id = $1 AND is_active <> $2',
    [userId, isActive],
  );
  if (changed === 0) return;
  // Both ways: nothing from before is good again, however the account came to be inactive.
  await revokeTokens(tx, userId);
  const sessionsEnded = await endAllSessions(tx, userId);
  const action = isActive ? 'user.activated' : 'user.deactivated';
  await record(tx, { action, subjectId: userId, metadata: { sessionsEnded } });
}

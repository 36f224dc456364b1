import { transaction, type Ctx } from '../../context.ts';
import { ErrorCode } from '../../errors.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { forgetPerson } from '../audit/audit-forgetting.service.ts';
import { record } from '../audit/audit.service.ts';
import { deleteMailsOf } from '../mail/mail-record.service.ts';
import {
  refuseMissingUser,
  requireAuthorityOver,
  requireSomeoneElse,
} from '../role/authority.service.ts';
import { keepingAnActiveOwner } from '../role/ownership.service.ts';
import { forgetDeliveriesOf } from '../webhook-event/webhook-event.service.ts';
import { User } from '../user/user.entity.ts';

/**
 * Deletes a user for good: sessions, mailed links, roles and mails go with the account, and the
 * audit log keeps what happened without what tells of the person. Address and username are free
 * again. Refuses with `NOT_FOUND`, `CANNOT_REMOVE_LAST_OWNER`, and `INSUFFICIENT_PERMISSIONS`, also
 * for oneself.
 */
export function deleteUser(ctx: Ctx, userId: string): Promise<void> {
  return transaction(ctx, async (ctx) => {
    const targetId = parseId<UserId>(userId) ?? refuseMissingUser();
    await keepingAnActiveOwner(ctx, ErrorCode.CANNOT_REMOVE_LAST_OWNER, async () => {
      await requireAuthorityOver(ctx, targetId);
      await deleteMailsOf(ctx, targetId);
      await ctx.db.delete(User, { id: targetId });
    });
    // Last, because the last Owner is to hear that there must be one, which nobody else can mend.
    requireSomeoneElse(ctx, targetId);
    await forgetPerson(ctx, targetId);
    await forgetDeliveriesOf(ctx, targetId);
    await record(ctx, { action: 'user.deleted', subjectId: targetId });
  });
}

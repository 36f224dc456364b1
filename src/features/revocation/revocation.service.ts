import { isAdministrator } from '../../actor.ts';
import { transaction, type Ctx } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import { parseId, type SessionId } from '../../identifiers.ts';
import { requireAuthorityOver } from '../role/authority.service.ts';
import { Session } from '../session/session.entity.ts';
import { deleteSession } from '../session/session.service.ts';

/**
 * Ends one session: the caller's own, or as an administrator someone else's. `NOT_FOUND` when it
 * is gone, and equally when it is not the caller's to see; `INSUFFICIENT_PERMISSIONS` when its
 * holder outranks the administrator.
 */
export function endSession(ctx: Ctx, id: string): Promise<void> {
  return transaction(ctx, async (ctx) => {
    const { actor } = ctx;
    const sessionId = parseId<SessionId>(id);
    const session = sessionId && (await ctx.db.findOneBy(Session, { id: sessionId }));
    const own = actor.type === 'user' && session?.userId === actor.userId;
    if (!session || !(own || isAdministrator(actor))) {
      return refuse(ErrorCode.NOT_FOUND, 'id', 'There is no such session.');
    }
    if (!own) await requireAuthorityOver(ctx, session.userId);
    await deleteSession(ctx, session.id);
  });
}

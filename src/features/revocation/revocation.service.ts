import { isAdministrator } from '../../actor.ts';
import { transaction, type Ctx } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import { parseId, type SessionId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { refuseMissingUser, requireAuthorityOver } from '../role/authority.service.ts';
import { Session } from '../session/session.entity.ts';
import { deleteSession, endAllSessions } from '../session/session.service.ts';

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

/**
 * Ends every session of a user, on whatever device, and answers how many. One's own may always be
 * ended; otherwise it refuses with `NOT_FOUND` and `INSUFFICIENT_PERMISSIONS`.
 */
export function endSessionsOf(ctx: Ctx, userId: string): Promise<number> {
  return transaction(ctx, async (ctx) => {
    const { actor } = ctx;
    const targetId = parseId<UserId>(userId) ?? refuseMissingUser();
    const own = actor.type === 'user' && actor.userId === targetId;
    if (!own) await requireAuthorityOver(ctx, targetId);
    const count = await endAllSessions(ctx, targetId);
    await record(ctx, { action: 'sessions.ended', subjectId: targetId, metadata: { count } });
    return count;
  });
}

import { MoreThan } from 'typeorm';
import { transaction, type Ctx } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import { parseId, type OneTimeTokenId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { requireAuthorityOver } from '../role/authority.service.ts';
import { OneTimeToken } from './one-time-token.entity.ts';

/** The tokens mailed to a user that have not run out, newest first; one of a kind at most. */
export async function listTokens(ctx: Ctx, userId: string): Promise<OneTimeToken[]> {
  const holderId = parseId<UserId>(userId);
  if (holderId === undefined) return [];
  return ctx.db.find(OneTimeToken, {
    where: { userId: holderId, expiresAt: MoreThan(new Date()) },
    order: { createdAt: 'DESC', id: 'DESC' },
  });
}

/**
 * Makes one mailed token worthless. Refuses with `NOT_FOUND` when it is gone, be it used or
 * revoked in this moment, and with `INSUFFICIENT_PERMISSIONS`.
 */
export function revokeToken(ctx: Ctx, id: string): Promise<void> {
  return transaction(ctx, async (ctx) => {
    const tokenId = parseId<OneTimeTokenId>(id);
    const token = tokenId && (await ctx.db.findOneBy(OneTimeToken, { id: tokenId }));
    if (!token) return refuseUnknown();
    const { userId, context } = token;
    const own = ctx.actor.type === 'user' && ctx.actor.userId === userId;
    if (!own) await requireAuthorityOver(ctx, userId);
    const { affected } = await ctx.db.delete(OneTimeToken, { id: token.id });
    if (!affected) return refuseUnknown();
    await record(ctx, { action: 'token.revoked', subjectId: userId, metadata: { context } });
  });
}

function refuseUnknown(): never {
  return refuse(ErrorCode.NOT_FOUND, 'id', 'There is no such token.');
}

import { In } from 'typeorm';
import { perRequest } from '../../graphql/loader.ts';
import type { SessionId, UserId } from '../../identifiers.ts';
import { Session } from './session.entity.ts';
import { liveSession } from './session.service.ts';

export const sessionById = perRequest<SessionId, Session>(async (ctx, ids) => {
  const sessions = await ctx.db.findBy(Session, { id: In([...ids]) });
  return new Map(sessions.map((session) => [session.id, session]));
});

// A page of a hundred users stays a page, however often some of them have signed in.
const maxSessionsOfUser = 100;

/** The live sessions of a user, newest first, a hundred at most. */
export const sessionsOfUser = perRequest<UserId, Session[]>(async (ctx, userIds) => {
  const sessions = await ctx.db
    .createQueryBuilder(Session, 'listed')
    .where(
      `listed.id IN (SELECT newest.id FROM unnest(:userIds::uuid[]) AS holder (id)
         CROSS JOIN LATERAL (
           SELECT session.id FROM sessions session
           WHERE session.user_id = holder.id AND ${liveSession}
           ORDER BY session.created_at DESC, session.id DESC LIMIT ${maxSessionsOfUser}) AS newest)`,
      { userIds, idle: ctx.config.session.idleSeconds ?? null },
    )
    .orderBy('listed.created_at', 'DESC')
    .addOrderBy('listed.id', 'DESC')
    .getMany();
  const byUser = new Map<UserId, Session[]>(userIds.map((id) => [id, []]));
  for (const session of sessions) byUser.get(session.userId)?.push(session);
  return byUser;
});

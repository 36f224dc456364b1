import { In } from 'typeorm';
import { perRequest } from '../../graphql/loader.ts';
import type { SessionId } from '../../identifiers.ts';
import { Session } from './session.entity.ts';

export const sessionById = perRequest<SessionId, Session>(async (ctx, ids) => {
  const sessions = await ctx.db.findBy(Session, { id: In([...ids]) });
  return new Map(sessions.map((session) => [session.id, session]));
});

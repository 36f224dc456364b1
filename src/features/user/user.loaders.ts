import { In } from 'typeorm';
import { alongList } from '../../graphql/loader.ts';
import type { Ctx } from '../../context.ts';
import type { UserId } from '../../identifiers.ts';
import { User } from './user.entity.ts';

export const userById = alongList<UserId, User>(async (ctx, ids) => {
  const users = await ctx.db.findBy(User, { id: In([...ids]) });
  return new Map(users.map((user) => [user.id, user]));
});

/** The user as a mutation has left them, whatever was loaded before. */
export function freshUser(ctx: Ctx, id: UserId): Promise<User | null> {
  return userById(ctx).clear(id).load(id);
}

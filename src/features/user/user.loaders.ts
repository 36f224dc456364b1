import { In } from 'typeorm';
import { alongList } from '../../graphql/loader.ts';
import type { UserId } from '../../identifiers.ts';
import { User } from './user.entity.ts';

export const userById = alongList<UserId, User>(async (ctx, ids) => {
  const users = await ctx.db.findBy(User, { id: In([...ids]) });
  return new Map(users.map((user) => [user.id, user]));
});

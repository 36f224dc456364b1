import type { Ctx } from '../../context.ts';
import type { User } from '../user/user.entity.ts';
import { filteredUsers, userOrder, type UserFilter, type UserSort } from './user.search.ts';

export interface Page {
  readonly page: number;
  readonly pageSize: number;
}

/** One page of the users that pass the filter. */
export function listUsers(
  ctx: Ctx,
  filter: UserFilter,
  sort: UserSort,
  { page, pageSize }: Page,
): Promise<User[]> {
  const { column, direction } = userOrder[sort];
  return filteredUsers(ctx, filter)
    .orderBy(column, direction)
    .addOrderBy('user.id', direction)
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .getMany();
}

/** How many users pass the filter. Counting reads every one of them: only when asked for. */
export function countUsers(ctx: Ctx, filter: UserFilter): Promise<number> {
  return filteredUsers(ctx, filter).getCount();
}

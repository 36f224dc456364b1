import {
  Args,
  Ctx as Context,
  Directive,
  FieldResolver,
  Info,
  Int,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Ctx } from '../../context.ts';
import { ConnectionArgs, connectionOf, requireStretch } from '../../graphql/connection.ts';
import { requirePage } from '../../graphql/page.ts';
import { isSelected } from '../../graphql/selection.ts';
import { avatarOfUser } from '../avatar/avatar.loaders.ts';
import { roleNamesOfUser, rolesOfUser } from '../role-assignment/role-assignment.loaders.ts';
import type { User } from '../user/user.entity.ts';
import { UserFilterArgs, UserPageArgs } from './user-list.inputs.ts';
import { UserConnection, UserPage, type UserList } from './user-list.payload.ts';
import { countUsers, listUsers, readFilter, readUsers } from './user-list.service.ts';
import { userOrders, UserSort } from './user.search.ts';

@Resolver(() => UserPage)
export class UserPageResolver {
  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @Query(() => UserPage, { description: 'Users, page by page, newest first unless sorted.' })
  async users(
    @Args(() => UserPageArgs) { page, pageSize }: UserPageArgs,
    @Args(() => UserFilterArgs) { sort, ...filter }: UserFilterArgs,
    @Context() ctx: Ctx,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserPage> {
    const wanted = requirePage({ page: page ?? 1, pageSize: pageSize ?? 10 });
    const criteria = await readFilter(ctx, filter);
    const nodes = await listUsers(ctx, criteria, wanted, sort ?? undefined);
    await preloadFields(ctx, nodes, (field) => isSelected(info, ['nodes', field]));
    return { nodes, ...wanted, criteria };
  }

  @FieldResolver(() => Int, { description: 'Users on all pages. Costs a count.' })
  totalCount(@Root() page: UserPage, @Context() ctx: Ctx): Promise<number> {
    return total(ctx, page);
  }

  @FieldResolver(() => Int, { description: 'How many pages there are, at least 1. Costs a count.' })
  async totalPages(@Root() page: UserPage, @Context() ctx: Ctx): Promise<number> {
    return Math.max(1, Math.ceil((await total(ctx, page)) / page.pageSize));
  }
}

@Resolver(() => UserConnection)
export class UserConnectionResolver {
  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @Query(() => UserConnection, {
    description: 'Users from anywhere in the list, forward and backward, however long it is.',
  })
  async usersConnection(
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Args(() => UserFilterArgs) { sort, ...filter }: UserFilterArgs,
    @Context() ctx: Ctx,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserConnection> {
    const wanted = sort ?? UserSort.CREATED_AT_DESC;
    const order = userOrders[wanted];
    const stretch = requireStretch(args, order);
    const criteria = await readFilter(ctx, filter);
    const read = await readUsers(ctx, criteria, wanted, stretch);
    const positionOf = (user: User) => ({ key: order.keyOf(user), id: user.id });
    await preloadFields(ctx, read.rows, (field) => isSelected(info, ['edges', 'node', field]));
    return { ...connectionOf(read, order, positionOf), criteria };
  }

  @FieldResolver(() => Int, { description: 'Users in the whole list. Costs a count.' })
  totalCount(@Root() connection: UserConnection, @Context() ctx: Ctx): Promise<number> {
    return total(ctx, connection);
  }
}

/** Has what each user of a list is asked for there before the first of them is. */
async function preloadFields(
  ctx: Ctx,
  users: readonly User[],
  isWanted: (field: string) => boolean,
): Promise<void> {
  if (users.length === 0) return;
  const ids = users.map(({ id }) => id);
  const loaders = { roleNames: roleNamesOfUser, roles: rolesOfUser, avatar: avatarOfUser };
  await Promise.all(
    Object.entries(loaders)
      .filter(([field]) => isWanted(field))
      .map(([, loader]) => loader(ctx).preload(ids)),
  );
}

function total(ctx: Ctx, list: UserList): Promise<number> {
  return (list.total ??= countUsers(ctx, list.criteria));
}

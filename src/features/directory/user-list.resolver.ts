import {
  Args,
  Ctx as Context,
  Directive,
  FieldResolver,
  Int,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { ConnectionArgs, connectionOf, requireStretch } from '../../graphql/connection.ts';
import { requirePage } from '../../graphql/page.ts';
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
  ): Promise<UserPage> {
    const wanted = requirePage({ page: page ?? 1, pageSize: pageSize ?? 10 });
    const criteria = await readFilter(ctx, filter);
    const nodes = await listUsers(ctx, criteria, wanted, sort ?? undefined);
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
  ): Promise<UserConnection> {
    const wanted = sort ?? UserSort.CREATED_AT_DESC;
    const order = userOrders[wanted];
    const stretch = requireStretch(args, order);
    const criteria = await readFilter(ctx, filter);
    const read = await readUsers(ctx, criteria, wanted, stretch);
    const positionOf = (user: User) => ({ key: order.keyOf(user), id: user.id });
    return { ...connectionOf(read, order, positionOf), criteria };
  }

  @FieldResolver(() => Int, { description: 'Users in the whole list. Costs a count.' })
  totalCount(@Root() connection: UserConnection, @Context() ctx: Ctx): Promise<number> {
    return total(ctx, connection);
  }
}

function total(ctx: Ctx, list: UserList): Promise<number> {
  return (list.total ??= countUsers(ctx, list.criteria));
}

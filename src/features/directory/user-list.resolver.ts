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
import { requirePage } from '../../graphql/page.ts';
import { User } from '../user/user.entity.ts';
import { UsersArgs } from './user-list.inputs.ts';
import { countUsers, listUsers } from './user-list.service.ts';
import { UserPage } from './user-page.payload.ts';
import { UserSort } from './user.search.ts';

@Resolver(() => User)
export class UserListResolver {
  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @Query(() => UserPage, { description: 'Users, page by page, newest first unless sorted.' })
  async users(@Args(() => UsersArgs) args: UsersArgs, @Context() ctx: Ctx): Promise<UserPage> {
    const { page, pageSize, sort, ...filter } = args;
    const wanted = requirePage({ page: page ?? 1, pageSize: pageSize ?? 10 });
    const nodes = await listUsers(ctx, filter, sort ?? UserSort.CREATED_AT_DESC, wanted);
    return { nodes, ...wanted, filter };
  }
}

@Resolver(() => UserPage)
export class UserPageResolver {
  @FieldResolver(() => Int, { description: 'Users on all pages. Costs a count.' })
  totalCount(@Root() page: UserPage, @Context() ctx: Ctx): Promise<number> {
    return (page.total ??= countUsers(ctx, page.filter));
  }

  @FieldResolver(() => Int, { description: 'How many pages there are, at least 1. Costs a count.' })
  async totalPages(@Root() page: UserPage, @Context() ctx: Ctx): Promise<number> {
    return Math.max(1, Math.ceil((await this.totalCount(page, ctx)) / page.pageSize));
  }
}

import {
  Arg,
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
import { UserPageArgs } from '../directory/user-list.inputs.ts';
import { UserPage } from '../directory/user-list.payload.ts';
import { listUsers, readFilter } from '../directory/user-list.service.ts';
import { Role } from '../role/role.entity.ts';
import { holderCount } from './role-holder.loaders.ts';
import { RoleStats } from './role-stats.payload.ts';
import { roleStats } from './role-stats.service.ts';

@Resolver(() => Role)
export class RoleHolderResolver {
  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @Query(() => UserPage, { description: 'Who holds a role, newest users first.' })
  async usersWithRole(
    @Arg('role', () => String, { description: 'The name of the role, in any case.' }) role: string,
    @Args(() => UserPageArgs) args: UserPageArgs,
    @Context() ctx: Ctx,
  ): Promise<UserPage> {
    return pageOf(ctx, args, await readFilter(ctx, { role }));
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @Query(() => RoleStats, { description: 'How many users there are, of each kind and role.' })
  roleStats(@Context() ctx: Ctx): Promise<RoleStats> {
    return roleStats(ctx);
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @FieldResolver(() => UserPage, { description: 'Who holds the role, newest users first.' })
  users(
    @Root() role: Role,
    @Args(() => UserPageArgs) args: UserPageArgs,
    @Context() ctx: Ctx,
  ): Promise<UserPage> {
    return pageOf(ctx, args, { roleId: role.id });
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @FieldResolver(() => Int, { nullable: true, description: 'How many users hold the role.' })
  async userCount(@Root() role: Role, @Context() ctx: Ctx): Promise<number> {
    return (await holderCount(ctx).load(role.id)) ?? 0;
  }
}

async function pageOf(
  ctx: Ctx,
  { page, pageSize }: UserPageArgs,
  criteria: UserPage['criteria'],
): Promise<UserPage> {
  const wanted = requirePage({ page: page ?? 1, pageSize: pageSize ?? 10 });
  return { nodes: await listUsers(ctx, criteria, wanted), ...wanted, criteria };
}

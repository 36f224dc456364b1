import { Ctx as Context, Directive, Query, Resolver } from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { Role } from './role.entity.ts';
import { listRoles } from './role.service.ts';

@Resolver(() => Role)
export class RoleResolver {
  @Directive('@auth(requires: USER, scope: USERS_READ)')
  @Query(() => [Role], { description: 'All roles: those of Gatehouse first, then by name.' })
  roles(@Context() ctx: Ctx): Promise<Role[]> {
    return listRoles(ctx);
  }
}

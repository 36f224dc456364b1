import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { Role } from './role.entity.ts';
import { createRole, deleteRole, listRoles, updateRole } from './role.service.ts';

@ObjectType({ description: 'The outcome of an operation on a role.' })
class RolePayload {
  @Field(() => Role, {
    nullable: true,
    description: 'The role as it is now, or was before it was deleted.',
  })
  role!: Role | null;
}

const idArgument = { description: 'Which role.' };

@Resolver(() => Role)
export class RoleResolver {
  @Directive('@auth(requires: USER, scope: USERS_READ)')
  @Query(() => [Role], { description: 'All roles: those of Gatehouse first, then by name.' })
  roles(@Context() ctx: Ctx): Promise<Role[]> {
    return listRoles(ctx);
  }

  @Directive('@auth(requires: ADMIN, scope: ROLES_WRITE)')
  @Mutation(() => RolePayload, { description: 'Makes a role, which nobody holds yet.' })
  async createRole(
    @Arg('name', () => String, {
      description: 'At most 50 characters; no other role has it, in whatever case.',
    })
    name: string,
    @Arg('description', () => String, {
      nullable: true,
      description: 'What the role is for, at most 500 characters.',
    })
    description: string | null | undefined,
    @Context() ctx: Ctx,
  ): Promise<RolePayload> {
    return { role: await createRole(ctx, name, description) };
  }

  @Directive('@auth(requires: ADMIN, scope: ROLES_WRITE)')
  @Mutation(() => RolePayload, {
    description: 'Changes a role. Whoever holds it holds it under its new name.',
  })
  async updateRole(
    @Arg('id', () => ID, idArgument) id: string,
    @Arg('name', () => String, { nullable: true, description: 'Absent, it stays as it is.' })
    name: string | null | undefined,
    @Arg('description', () => String, {
      nullable: true,
      description: 'Absent, it stays as it is; null or blank clears it.',
    })
    description: string | null | undefined,
    @Context() ctx: Ctx,
  ): Promise<RolePayload> {
    return { role: await updateRole(ctx, id, { name, description }) };
  }

  @Directive('@auth(requires: ADMIN, scope: ROLES_WRITE)')
  @Mutation(() => RolePayload, { description: 'Deletes a role that nobody holds.' })
  async deleteRole(
    @Arg('id', () => ID, idArgument) id: string,
    @Context() ctx: Ctx,
  ): Promise<RolePayload> {
    return { role: await deleteRole(ctx, id) };
  }
}

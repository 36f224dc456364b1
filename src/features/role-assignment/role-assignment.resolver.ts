import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  FieldResolver,
  ID,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { Role } from '../role/role.entity.ts';
import { roleById } from '../role/role.loaders.ts';
import { User } from '../user/user.entity.ts';
import { freshUser, userById } from '../user/user.loaders.ts';
import { UserPayload } from '../user/user.payload.ts';
import { RoleAssignment } from './role-assignment.entity.ts';
import { roleNamesOfUser, rolesOfUser } from './role-assignment.loaders.ts';
import { assignRole, demoteToUser, promoteToAdmin, removeRole } from './role-assignment.service.ts';
import { transferOwnership } from './transfer.service.ts';

@ObjectType({ description: 'The outcome of giving a role.' })
class RoleAssignmentPayload {
  @Field(() => RoleAssignment, { nullable: true, description: 'The role as it is now held.' })
  roleAssignment!: RoleAssignment | null;
}

const userIdArgument = { description: 'Whom it concerns.' };

@Resolver(() => RoleAssignment)
export class RoleAssignmentResolver {
  @Directive('@auth(requires: ADMIN, scope: ROLES_WRITE)')
  @Mutation(() => RoleAssignmentPayload, {
    description: 'Gives a role. Repeating it changes nothing. Only an Owner may give Admin.',
  })
  async assignRole(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Arg('role', () => String, { description: 'The name of the role.' }) role: string,
    @Context() ctx: Ctx,
  ): Promise<RoleAssignmentPayload> {
    return { roleAssignment: await assignRole(ctx, userId, role) };
  }

  @Directive('@auth(requires: ADMIN, scope: ROLES_WRITE)')
  @Mutation(() => UserPayload, { description: 'Takes a role away.' })
  async removeRole(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Arg('role', () => String, { description: 'The name of the role.' }) role: string,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return { user: await freshUser(ctx, await removeRole(ctx, userId, role)) };
  }

  @Directive('@auth(requires: OWNER, scope: ROLES_WRITE)')
  @Mutation(() => RoleAssignmentPayload, { description: 'Gives Admin.' })
  async promoteToAdmin(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Context() ctx: Ctx,
  ): Promise<RoleAssignmentPayload> {
    return { roleAssignment: await promoteToAdmin(ctx, userId) };
  }

  @Directive('@auth(requires: OWNER, scope: ROLES_WRITE)')
  @Mutation(() => UserPayload, {
    description: 'Takes Owner and Admin away and leaves at least User.',
  })
  async demoteToUser(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return { user: await freshUser(ctx, await demoteToUser(ctx, userId)) };
  }

  @Directive('@auth(requires: OWNER)')
  @Directive('@rateLimit(name: PASSWORD_USER)')
  @Mutation(() => UserPayload, {
    description: 'Makes another user an Owner, and the caller an ordinary user unless `keepOwn`.',
  })
  async transferOwnership(
    @Arg('userId', () => ID, { description: 'Who becomes an Owner.' }) userId: string,
    @Arg('currentPassword', () => String, { description: "The caller's own password." })
    currentPassword: string,
    @Arg('keepOwn', () => Boolean, {
      nullable: true,
      defaultValue: false,
      description: 'Whether the caller stays an Owner as well.',
    })
    keepOwn: boolean | null,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    const heirId = await transferOwnership(ctx, userId, currentPassword, keepOwn ?? false);
    return { user: await freshUser(ctx, heirId) };
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who holds the role.' })
  user(@Root() assignment: RoleAssignment, @Context() ctx: Ctx): Promise<User | null> {
    return userById(ctx).load(assignment.userId);
  }

  @FieldResolver(() => Role, { nullable: true, description: 'The role.' })
  role(@Root() assignment: RoleAssignment, @Context() ctx: Ctx): Promise<Role | null> {
    return roleById(ctx).load(assignment.roleId);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who gave it; null for Gatehouse.' })
  async assignedBy(@Root() assignment: RoleAssignment, @Context() ctx: Ctx): Promise<User | null> {
    return assignment.assignedById && userById(ctx).load(assignment.assignedById);
  }
}

@Resolver(() => User)
export class UserRolesResolver {
  @FieldResolver(() => [Role], { description: 'The roles held, by name.' })
  async roles(@Root() user: User, @Context() ctx: Ctx): Promise<Role[]> {
    return (await rolesOfUser(ctx).load(user.id)) ?? [];
  }

  @FieldResolver(() => [String], { description: 'The names of the roles held, in order.' })
  roleNames(
    @Root() user: User,
    @Context() ctx: Ctx,
  ): readonly string[] | Promise<readonly string[]> {
    return roleNames(user, {}, ctx);
  }

  @FieldResolver(() => Boolean, { description: 'Whether the user holds a role.' })
  async hasRole(
    @Root() user: User,
    @Arg('name', () => String, { description: 'The name of the role, in any case.' }) name: string,
    @Context() ctx: Ctx,
  ): Promise<boolean> {
    const held = (await roleNamesOfUser(ctx).load(user.id)) ?? [];
    return held.some((roleName) => roleName.toLowerCase() === name.toLowerCase());
  }
}

/** `User.roleNames` as a plain function: lists of users show them, and so does `me`. */
export function roleNames(
  user: User,
  _args: object,
  ctx: Ctx,
): readonly string[] | Promise<readonly string[]> {
  const names = roleNamesOfUser(ctx).get(user.id);
  return names instanceof Promise ? names.then((loaded) => loaded ?? []) : (names ?? []);
}

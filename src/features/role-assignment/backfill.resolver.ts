import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  Int,
  Mutation,
  ObjectType,
  Resolver,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { assignRolesToExistingUsers } from './backfill.service.ts';

@ObjectType({ description: 'How many users were given a role; null when it was refused.' })
class RoleBackfillPayload {
  @Field(() => Int, { nullable: true, description: 'How many became Owner: one or none.' })
  assignedOwner!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many were given the default role.' })
  assignedUsers!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many were given any role.' })
  totalProcessed!: number | null;
}

@Resolver()
export class RoleBackfillResolver {
  @Directive('@auth(requires: OWNER, scope: ROLES_WRITE)')
  @Mutation(() => RoleBackfillPayload, {
    description: 'Gives every user without any role the default role, as after an import.',
  })
  assignRolesToExistingUsers(
    @Arg('makeFirstOwner', () => Boolean, {
      nullable: true,
      defaultValue: true,
      description:
        'Whether the oldest active user without a role becomes Owner while there is no active one.',
    })
    makeFirstOwner: boolean | null,
    @Context() ctx: Ctx,
  ): Promise<RoleBackfillPayload> {
    return assignRolesToExistingUsers(ctx, makeFirstOwner ?? true);
  }
}

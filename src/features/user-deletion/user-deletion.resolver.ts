import { Arg, Ctx as Context, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { EmptyPayload } from '../../graphql/user-error.type.ts';
import { deleteUser } from './user-deletion.service.ts';

@Resolver()
export class UserDeletionResolver {
  @Directive('@auth(requires: ADMIN, scope: USERS_WRITE)')
  @Mutation(() => EmptyPayload, {
    description:
      'Deletes a user for good, with all that tells of the person. The audit log keeps what ' +
      'happened, without that.',
  })
  async deleteUser(
    @Arg('userId', () => ID, { description: 'Whom.' }) userId: string,
    @Context() ctx: Ctx,
  ): Promise<EmptyPayload> {
    await deleteUser(ctx, userId);
    return {};
  }
}

import { Arg, Ctx as Context, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { freshUser } from '../user/user.loaders.ts';
import { UserPayload } from '../user/user.payload.ts';
import { setUserStatus } from './user-status.service.ts';

@Resolver()
export class UserStatusResolver {
  @Directive('@auth(requires: ADMIN, scope: USERS_WRITE)')
  @Mutation(() => UserPayload, {
    description:
      'Activates or deactivates a user. Who is deactivated is signed out everywhere at once.',
  })
  async updateUserStatus(
    @Arg('userId', () => ID, { description: 'Whom.' }) userId: string,
    @Arg('isActive', () => Boolean, { description: 'Whether they may sign in.' }) isActive: boolean,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    const targetId = await setUserStatus(ctx, userId, isActive);
    return { user: await freshUser(ctx, targetId) };
  }
}

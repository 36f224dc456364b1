import { Arg, Ctx as Context, Directive, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { EmptyPayload } from '../../graphql/user-error.type.ts';
import { OneTimeToken } from './one-time-token.entity.ts';
import { listTokens, revokeToken } from './user-token.service.ts';

@Resolver()
export class UserTokenResolver {
  @Directive('@auth(requires: ADMIN)')
  @Query(() => [OneTimeToken], {
    description: 'The tokens mailed to a user that are still good, newest first.',
  })
  userTokens(
    @Arg('userId', () => ID, { description: 'Whose.' }) userId: string,
    @Context() ctx: Ctx,
  ): Promise<OneTimeToken[]> {
    return listTokens(ctx, userId);
  }

  @Directive('@auth(requires: ADMIN)')
  @Mutation(() => EmptyPayload, { description: 'Makes a mailed token worthless.' })
  async revokeToken(
    @Arg('id', () => ID, { description: 'Which token.' }) id: string,
    @Context() ctx: Ctx,
  ): Promise<EmptyPayload> {
    await revokeToken(ctx, id);
    return {};
  }
}

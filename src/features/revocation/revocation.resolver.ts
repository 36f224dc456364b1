import { Arg, Ctx as Context, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { EmptyPayload } from '../../graphql/user-error.type.ts';
import { endSession } from './revocation.service.ts';

@Resolver()
export class RevocationResolver {
  @Directive('@auth(requires: USER, unconfirmed: true)')
  @Mutation(() => EmptyPayload, {
    description: 'Ends one of the own sessions; Admins may end those of ordinary users.',
  })
  async revokeSession(
    @Arg('id', () => ID, { description: 'Which session.' }) id: string,
    @Context() ctx: Ctx,
  ): Promise<EmptyPayload> {
    await endSession(ctx, id);
    return {};
  }
}

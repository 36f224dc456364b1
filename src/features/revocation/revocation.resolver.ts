import { Arg, Ctx as Context, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { EmptyPayload } from '../../graphql/user-error.type.ts';
import { SessionsRevokedPayload } from '../session/session.inputs.ts';
import { endSession, endSessionsOf } from './revocation.service.ts';

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

  @Directive('@auth(requires: ADMIN, scope: SESSIONS_WRITE)')
  @Mutation(() => SessionsRevokedPayload, { description: 'Ends all sessions of a user.' })
  async revokeUserSessions(
    @Arg('userId', () => ID, { description: 'Whose.' }) userId: string,
    @Context() ctx: Ctx,
  ): Promise<SessionsRevokedPayload> {
    return { count: await endSessionsOf(ctx, userId) };
  }
}

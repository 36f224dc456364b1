import {
  Arg,
  Ctx as Context,
  Directive,
  FieldResolver,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import type { RequestCtx } from '../../graphql/request-context.ts';
import { EmptyPayload } from '../../graphql/user-error.type.ts';
import { User } from '../user/user.entity.ts';
import { Session } from './session.entity.ts';
import { SessionsRevokedPayload } from './session.inputs.ts';
import { sessionById, sessionsOfUser } from './session.loaders.ts';
import { nameIn } from './session.rules.ts';
import { listOwnSessions, signOut, signOutEverywhere } from './session.service.ts';

@Resolver(() => Session)
export class SessionResolver {
  @Directive('@auth(requires: USER, unconfirmed: true)')
  @Mutation(() => EmptyPayload, { description: 'Ends the session in use.' })
  async logout(@Context() ctx: RequestCtx): Promise<EmptyPayload> {
    await signOut(ctx);
    ctx.sessionCookie.clear();
    return {};
  }

  @Directive('@auth(requires: USER, unconfirmed: true)')
  @Mutation(() => SessionsRevokedPayload, { description: "Ends all of the caller's sessions." })
  async logoutEverywhere(
    @Arg('exceptCurrent', () => Boolean, {
      nullable: true,
      defaultValue: false,
      description: 'Whether the session in use goes on.',
    })
    exceptCurrent: boolean | null,
    @Context() ctx: RequestCtx,
  ): Promise<SessionsRevokedPayload> {
    const count = await signOutEverywhere(ctx, exceptCurrent ?? false);
    if (!exceptCurrent) ctx.sessionCookie.clear();
    return { count };
  }

  @Directive('@auth(requires: USER, unconfirmed: true)')
  @Query(() => Session, { nullable: true, description: 'The session in use.' })
  currentSession(@Context() ctx: Ctx): Promise<Session | null> | null {
    return ctx.actor.type === 'user' ? sessionById(ctx).load(ctx.actor.sessionId) : null;
  }

  @Directive('@auth(requires: USER, unconfirmed: true)')
  @Query(() => [Session], { description: 'Where the caller is signed in, newest first.' })
  mySessions(@Context() ctx: Ctx): Promise<Session[]> {
    return listOwnSessions(ctx);
  }

  @FieldResolver(() => Boolean, { description: 'Whether this request uses it.' })
  isCurrent(@Root() session: Session, @Context() ctx: Ctx): boolean {
    return ctx.actor.type === 'user' && ctx.actor.sessionId === session.id;
  }

  @FieldResolver(() => String, { nullable: true, description: 'The browser, by its user agent.' })
  browser(@Root() session: Session): string | null {
    return nameIn(session.userAgent, 'browser');
  }

  @FieldResolver(() => String, { nullable: true, description: 'The system, by its user agent.' })
  os(@Root() session: Session): string | null {
    return nameIn(session.userAgent, 'os');
  }
}

@Resolver(() => User)
export class UserSessionsResolver {
  @Directive('@private')
  @FieldResolver(() => [Session], {
    description: 'Where the user is signed in, newest first, a hundred at most.',
  })
  async sessions(@Root() user: User, @Context() ctx: Ctx): Promise<Session[]> {
    return (await sessionsOfUser(ctx).load(user.id)) ?? [];
  }
}

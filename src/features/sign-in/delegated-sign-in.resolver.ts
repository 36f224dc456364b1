import { Arg, Ctx as Context, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { reveal } from '../../graphql/auth.transformer.ts';
import { userById } from '../user/user.loaders.ts';
import { UserPayload } from '../user/user.payload.ts';
import { createSession, verifyCredentialsFor } from './delegated-sign-in.service.ts';
import { LoginPayload } from '../session/session.inputs.ts';

/** Sign-ins of people by servers that speak for them. */
@Resolver()
export class DelegatedSignInResolver {
  @Directive('@auth(requires: KEY, scope: CREDENTIALS_VERIFY)')
  @Directive('@rateLimit(name: LOGIN_NETWORK)')
  @Directive('@rateLimit(name: LOGIN)')
  @Directive('@rateLimit(name: LOGIN_ACCOUNT)')
  @Mutation(() => UserPayload, {
    description: 'For servers: whose credentials these are. Opens no session.',
  })
  async verifyCredentials(
    @Arg('email', () => String, { description: 'The e-mail address or the username.' })
    email: string,
    @Arg('password', () => String, { description: 'The password.' }) password: string,
    @Arg('ipAddress', () => String, {
      nullable: true,
      description: 'Where the person is: limits count by it.',
    })
    ipAddress: string | null,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return { user: reveal(await verifyCredentialsFor(ctx, { email, password }, { ipAddress })) };
  }

  @Directive('@auth(requires: KEY, scope: SESSIONS_WRITE)')
  @Mutation(() => LoginPayload, {
    description: 'For servers: opens a session for a user whom the server has let in by itself.',
  })
  async createSession(
    @Arg('userId', () => ID, { description: 'For whom.' }) userId: string,
    @Arg('ipAddress', () => String, {
      nullable: true,
      description: 'Where the person is. Unless given, the session is good from any address.',
    })
    ipAddress: string | null,
    @Arg('userAgent', () => String, {
      nullable: true,
      description: 'The `User-Agent` of the person. Unless given, the session is good with any.',
    })
    userAgent: string | null,
    @Context() ctx: Ctx,
  ): Promise<LoginPayload> {
    const session = await createSession(ctx, userId, { ipAddress, userAgent });
    const user = reveal(await userById(ctx).load(session.userId));
    return { user, token: session.token, expiresAt: session.expiresAt };
  }
}

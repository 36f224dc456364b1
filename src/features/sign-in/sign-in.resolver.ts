import { Arg, Ctx as Context, Directive, Mutation, Resolver } from 'type-graphql';
import { reveal } from '../../graphql/auth.transformer.ts';
import type { RequestCtx } from '../../graphql/request-context.ts';
import { deliver, replacedSession } from '../session/session.delivery.ts';
import { LoginPayload } from '../session/session.inputs.ts';
import { LoginInput } from './sign-in.inputs.ts';
import { signIn } from './sign-in.service.ts';

@Resolver()
export class SignInResolver {
  @Directive('@public')
  @Directive('@rateLimit(name: LOGIN_NETWORK)')
  @Directive('@rateLimit(name: LOGIN)')
  @Directive('@rateLimit(name: LOGIN_ACCOUNT)')
  @Mutation(() => LoginPayload, {
    description:
      'Signs in by e-mail address or username. With `COOKIE`, the session of the cookie that ' +
      'this replaces ends.',
  })
  async login(
    @Arg('input', () => LoginInput, { description: 'The credentials.' }) input: LoginInput,
    @Context() ctx: RequestCtx,
  ): Promise<LoginPayload> {
    const session = await signIn(ctx, input, replacedSession(ctx, input));
    return { user: reveal(session.user), ...deliver(ctx, session, input) };
  }
}

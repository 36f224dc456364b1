import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  ID,
  InputType,
  Mutation,
  Query,
  Resolver,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import type { RequestCtx } from '../../graphql/request-context.ts';
import { Validation } from '../../graphql/user-error.type.ts';
import { deliver } from '../session/session.delivery.ts';
import { LoginPayload, SessionDelivery } from '../session/session.inputs.ts';
import { freshUser } from '../user/user.loaders.ts';
import { UserPayload } from '../user/user.payload.ts';
import { setPasswordOf } from './admin-password.service.ts';
import {
  changePassword,
  passwordChangeViolations,
  type PasswordChange,
} from './password-change.service.ts';

@InputType({ description: 'The current password of the caller, and the one to have instead.' })
class ChangePasswordInput implements PasswordChange {
  @Field(() => String, { description: 'The password until now.' })
  currentPassword!: string;

  @Field(() => String, { description: 'At least 8 characters, at most 72 bytes.' })
  password!: string;

  @Field(() => String, { nullable: true, description: 'The new password again; optional.' })
  passwordConfirmation?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether a cookie outlives the browser, for callers who signed in by cookie.',
  })
  remember!: boolean | null;
}

@Resolver()
export class PasswordChangeResolver {
  @Directive('@auth(requires: USER)')
  @Directive('@rateLimit(name: PASSWORD_USER)')
  @Mutation(() => LoginPayload, {
    description:
      'Changes the own password. The caller gets a fresh session, the way they came: in the ' +
      'payload or in the cookie. All other sessions end.',
  })
  async changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'Old and new.' })
    input: ChangePasswordInput,
    @Context() ctx: RequestCtx,
  ): Promise<LoginPayload> {
    const session = await changePassword(ctx, input);
    const user = await freshUser(ctx, session.userId);
    const delivery = ctx.byCookie ? SessionDelivery.COOKIE : SessionDelivery.TOKEN;
    return { user, ...deliver(ctx, session, { delivery, remember: input.remember }) };
  }

  @Directive('@auth(requires: ADMIN)')
  @Mutation(() => UserPayload, {
    description:
      'Gives another user a new password. All their sessions and mailed links end, and they are ' +
      'told by mail.',
  })
  async adminSetPassword(
    @Arg('userId', () => ID, { description: 'Whose.' }) userId: string,
    @Arg('password', () => String, { description: 'At least 8 characters, at most 72 bytes.' })
    password: string,
    @Arg('passwordConfirmation', () => String, {
      nullable: true,
      description: 'The password again; optional.',
    })
    passwordConfirmation: string | null,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    const targetId = await setPasswordOf(ctx, userId, { password, passwordConfirmation });
    return { user: await freshUser(ctx, targetId) };
  }

  @Directive('@auth(requires: USER)')
  @Directive('@rateLimit(name: PASSWORD_USER)')
  @Query(() => Validation, {
    description: 'What `changePassword` would refuse, for forms. Changes nothing.',
  })
  async validatePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'Old and new.' })
    input: ChangePasswordInput,
    @Context() ctx: Ctx,
  ): Promise<Validation> {
    const errors = await passwordChangeViolations(ctx, input);
    return { valid: errors.length === 0, errors };
  }
}

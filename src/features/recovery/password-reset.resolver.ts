import { GraphQLDateTime } from 'graphql-scalars';
import {
  Arg,
  Args,
  ArgsType,
  Ctx as Context,
  Directive,
  Field,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { reveal } from '../../graphql/auth.transformer.ts';
import { EmptyPayload } from '../../graphql/user-error.type.ts';
import { freshUser } from '../user/user.loaders.ts';
import { UserPayload } from '../user/user.payload.ts';
import { findReset, requestPasswordReset, resetPassword } from './password-reset.service.ts';

@ObjectType({ description: 'A link for a new password that is still good.' })
class PasswordReset {
  @Field(() => String, {
    description: 'Whose password it sets, so that its owner knows: `a•••@e•••.com`.',
  })
  maskedEmail!: string;

  @Field(() => GraphQLDateTime, { description: 'Until when it can be used.' })
  expiresAt!: Date;
}

@ArgsType()
class ResetPasswordArgs {
  @Field(() => String, { description: 'The token from the mail.' })
  token!: string;

  @Field(() => String, { description: 'At least 8 characters, at most 72 bytes.' })
  password!: string;

  @Field(() => String, { nullable: true, description: 'The new password again; optional.' })
  passwordConfirmation?: string | null;
}

@Resolver()
export class PasswordResetResolver {
  @Directive('@public')
  @Directive('@rateLimit(name: MAIL_NETWORK)')
  @Directive('@rateLimit(name: MAIL_EMAIL)')
  @Mutation(() => EmptyPayload, {
    description:
      'Mails a link for a new password, if the address has an active account. The answer does ' +
      'not tell whether it has.',
  })
  async requestPasswordReset(
    @Arg('email', () => String, { description: 'The address of the account.' }) email: string,
    @Context() ctx: Ctx,
  ): Promise<EmptyPayload> {
    await requestPasswordReset(ctx, email);
    return {};
  }

  @Directive('@public')
  @Directive('@rateLimit(name: TOKEN_NETWORK)')
  @Query(() => PasswordReset, {
    nullable: true,
    description:
      'Whether a link for a new password is good, without using it up. Null for one that is ' +
      'wrong, used or expired.',
  })
  passwordReset(
    @Arg('token', () => String, { description: 'The token from the mail.' }) token: string,
    @Context() ctx: Ctx,
  ): Promise<PasswordReset | null> {
    return findReset(ctx, token);
  }

  @Directive('@public')
  @Directive('@rateLimit(name: TOKEN_NETWORK)')
  @Mutation(() => UserPayload, {
    description:
      'Sets a new password by the token from the mail, which also confirms the address. Every ' +
      'session of the user ends.',
  })
  async resetPassword(
    @Args(() => ResetPasswordArgs) { token, ...wanted }: ResetPasswordArgs,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    const userId = await resetPassword(ctx, token, wanted);
    return { user: reveal(await freshUser(ctx, userId)) };
  }
}

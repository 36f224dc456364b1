import { Arg, Ctx as Context, Directive, Mutation, Query, Resolver } from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { reveal } from '../../graphql/auth.transformer.ts';
import { EmptyPayload, Validation } from '../../graphql/user-error.type.ts';
import type { UserId } from '../../identifiers.ts';
import { freshUser } from '../user/user.loaders.ts';
import { UserPayload } from '../user/user.payload.ts';
import { confirmEmail, requestConfirmation } from './confirmation.service.ts';
import {
  confirmEmailChange,
  emailChangeViolations,
  newEmailViolations,
  requestEmailChange,
} from './email-change.service.ts';

@Resolver()
export class EmailResolver {
  @Directive('@public')
  @Directive('@rateLimit(name: MAIL_NETWORK)')
  @Directive('@rateLimit(name: MAIL_EMAIL)')
  @Mutation(() => EmptyPayload, {
    description:
      'Mails a new link that confirms an address, if it has an account that needs one. The answer does not tell.',
  })
  async requestEmailConfirmation(
    @Arg('email', () => String, { description: 'The address to confirm.' }) email: string,
    @Context() ctx: Ctx,
  ): Promise<EmptyPayload> {
    await requestConfirmation(ctx, email);
    return {};
  }

  @Directive('@public')
  @Directive('@rateLimit(name: TOKEN_NETWORK)')
  @Mutation(() => UserPayload, { description: 'Confirms an address by the token mailed to it.' })
  async confirmEmail(
    @Arg('token', () => String, { description: 'The token of the link.' }) token: string,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return payloadFor(ctx, await confirmEmail(ctx, token));
  }

  @Directive('@auth(requires: USER, unconfirmed: true)')
  @Directive('@rateLimit(name: VALIDATE_NETWORK)')
  @Query(() => Validation, {
    description: 'Whether the caller could change to this address, for forms. Changes nothing.',
  })
  async validateEmail(
    @Arg('email', () => String, { description: 'The new address.' }) email: string,
    @Context() ctx: Ctx,
  ): Promise<Validation> {
    const errors = await newEmailViolations(ctx, email);
    return { valid: errors.length === 0, errors };
  }

  @Directive('@auth(requires: USER, unconfirmed: true)')
  @Directive('@rateLimit(name: PASSWORD_USER)')
  @Query(() => Validation, {
    description: 'What `requestEmailChange` would refuse, the password included. Changes nothing.',
  })
  async validateEmailChange(
    @Arg('currentPassword', () => String, { description: "The caller's password." })
    currentPassword: string,
    @Arg('email', () => String, { description: 'The new address.' }) email: string,
    @Context() ctx: Ctx,
  ): Promise<Validation> {
    const errors = await emailChangeViolations(ctx, { currentPassword, email });
    return { valid: errors.length === 0, errors };
  }

  @Directive('@auth(requires: USER, unconfirmed: true)')
  @Directive('@rateLimit(name: MAIL_NETWORK)')
  @Directive('@rateLimit(name: MAIL_EMAIL)')
  @Directive('@rateLimit(name: PASSWORD_USER)')
  @Mutation(() => EmptyPayload, {
    description: 'Mails a link to a new address of the caller; following it makes the change.',
  })
  async requestEmailChange(
    @Arg('currentPassword', () => String, { description: "The caller's password." })
    currentPassword: string,
    @Arg('email', () => String, { description: 'The new address.' }) email: string,
    @Context() ctx: Ctx,
  ): Promise<EmptyPayload> {
    await requestEmailChange(ctx, { currentPassword, email });
    return {};
  }

  @Directive('@public')
  @Directive('@rateLimit(name: TOKEN_NETWORK)')
  @Mutation(() => UserPayload, {
    description: 'Changes an address by the token mailed to the new one, and tells the old one.',
  })
  async confirmEmailChange(
    @Arg('token', () => String, { description: 'The token of the link.' }) token: string,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return payloadFor(ctx, await confirmEmailChange(ctx, token));
  }
}

/** The user as it is now, whole: who has the token has proven to be that user. */
async function payloadFor(ctx: Ctx, userId: UserId): Promise<UserPayload> {
  return { user: reveal(await freshUser(ctx, userId)) };
}

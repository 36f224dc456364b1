import { Arg, Ctx as Context, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { freshUser } from '../user/user.loaders.ts';
import { UserPayload } from '../user/user.payload.ts';
import { changeConfirmation, type ConfirmationChange } from './admin-confirmation.service.ts';

const userIdArgument = { description: 'Whose address.' };

@Resolver()
export class AdminConfirmationResolver {
  @Directive('@auth(requires: ADMIN)')
  @Mutation(() => UserPayload, { description: "Confirms a user's address without a mail." })
  adminConfirmUser(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return changed(ctx, userId, 'confirm');
  }

  @Directive('@auth(requires: ADMIN)')
  @Mutation(() => UserPayload, {
    description: 'Takes the confirmation of an address away. Sessions go on.',
  })
  adminUnconfirmUser(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return changed(ctx, userId, 'unconfirm');
  }

  @Directive('@auth(requires: ADMIN)')
  @Mutation(() => UserPayload, {
    description: 'Confirms an address that is not confirmed, and the other way round.',
  })
  toggleUserConfirmation(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return changed(ctx, userId, 'toggle');
  }
}

async function changed(ctx: Ctx, userId: string, change: ConfirmationChange): Promise<UserPayload> {
  const targetId = await changeConfirmation(ctx, userId, change);
  return { user: await freshUser(ctx, targetId) };
}

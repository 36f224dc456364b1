import {
  Arg,
  Ctx as Context,
  Directive,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { User } from '../user/user.entity.ts';
import { userById } from '../user/user.loaders.ts';
import { webhookEventNames, type WebhookEventType } from '../webhook-event/webhook-event.rules.ts';
import { Webhook } from './webhook.entity.ts';
import { WebhookPayload } from './webhook.payload.ts';
import {
  createWebhook,
  deleteWebhook,
  listWebhooks,
  rotateWebhookSecret,
  updateWebhook,
} from './webhook.service.ts';

const idArgument = { description: 'Which webhook.' };
const secretArgument = {
  nullable: true,
  description:
    'What deliveries are signed with: `whsec_` and 24 to 64 bytes in base64. Unless given, one is made.',
};
const graceOfADay = 86_400;

@Resolver(() => Webhook)
export class WebhookResolver {
  @Directive('@auth(requires: OWNER)')
  @Query(() => [Webhook], { description: 'All webhooks, newest first; there are fifty at most.' })
  webhooks(@Context() ctx: Ctx): Promise<Webhook[]> {
    return listWebhooks(ctx);
  }

  @Directive('@auth(requires: OWNER)')
  @Mutation(() => WebhookPayload, {
    description: 'Makes a webhook and tells the secret it signs with, once.',
  })
  async createWebhook(
    @Arg('url', () => String, {
      description: 'Where to post to, by https. It must not lead to a private address.',
    })
    url: string,
    @Arg('events', () => [webhookEventNames], { description: 'What to tell of: one at least.' })
    events: WebhookEventType[],
    @Arg('secret', () => String, secretArgument) secret: string | null | undefined,
    @Context() ctx: Ctx,
  ): Promise<WebhookPayload> {
    return createWebhook(ctx, { url, events, secret });
  }

  @Directive('@auth(requires: OWNER)')
  @Mutation(() => WebhookPayload, {
    description: 'Changes a webhook. What is not given stays as it is.',
  })
  async updateWebhook(
    @Arg('id', () => ID, idArgument) id: string,
    @Arg('url', () => String, { nullable: true, description: 'Where to post to from now on.' })
    url: string | null | undefined,
    @Arg('events', () => [webhookEventNames], {
      nullable: true,
      description: 'All that is to be told of from now on.',
    })
    events: WebhookEventType[] | null | undefined,
    @Arg('enabled', () => Boolean, {
      nullable: true,
      description: 'Whether it is told of anything; what waits goes on when it is again.',
    })
    enabled: boolean | null | undefined,
    @Context() ctx: Ctx,
  ): Promise<WebhookPayload> {
    const change = { url: url ?? undefined, events, enabled };
    return { webhook: await updateWebhook(ctx, id, change), secret: null };
  }

  @Directive('@auth(requires: OWNER)')
  @Mutation(() => WebhookPayload, {
    description:
      'Gives a webhook a new secret and tells it, once. For a while deliveries are signed with both.',
  })
  async rotateWebhookSecret(
    @Arg('id', () => ID, idArgument) id: string,
    @Arg('graceSeconds', () => Int, {
      nullable: true,
      defaultValue: graceOfADay,
      description: 'For how long the secret before goes on, from 0 to 604,800 seconds.',
    })
    graceSeconds: number | null,
    @Arg('secret', () => String, secretArgument) secret: string | null | undefined,
    @Context() ctx: Ctx,
  ): Promise<WebhookPayload> {
    return rotateWebhookSecret(ctx, id, { graceSeconds: graceSeconds ?? graceOfADay, secret });
  }

  @Directive('@auth(requires: OWNER)')
  @Mutation(() => WebhookPayload, {
    description: 'Deletes a webhook, what waits for it and its log of deliveries.',
  })
  async deleteWebhook(
    @Arg('id', () => ID, idArgument) id: string,
    @Context() ctx: Ctx,
  ): Promise<WebhookPayload> {
    return { webhook: await deleteWebhook(ctx, id), secret: null };
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Who made it; null for one who has been deleted.',
  })
  async createdBy(@Root() { createdById }: Webhook, @Context() ctx: Ctx): Promise<User | null> {
    return createdById && userById(ctx).load(createdById);
  }
}

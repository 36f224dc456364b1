import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { requirePage } from '../../graphql/page.ts';
import { WebhookDelivery } from './webhook-delivery.entity.ts';
import {
  countDeliveries,
  listDeliveries,
  redeliverWebhook,
  testWebhook,
} from './webhook-delivery.service.ts';

@ObjectType({ description: 'One page of what a webhook was told or is to be told.' })
class WebhookDeliveryPage {
  @Field(() => [WebhookDelivery], { description: 'The deliveries on this page.' })
  nodes!: WebhookDelivery[];

  @Field(() => Int, { description: 'Which page this is, from 1.' })
  page!: number;

  @Field(() => Int, { description: 'Deliveries on a full page.' })
  pageSize!: number;

  webhookId!: string;
  /** Counted once, when the first field asks. */
  total?: Promise<number>;
}

@Resolver(() => WebhookDeliveryPage)
export class WebhookDeliveryPageResolver {
  @FieldResolver(() => Int, { description: 'Deliveries on all pages. Costs a count.' })
  totalCount(@Root() page: WebhookDeliveryPage, @Context() ctx: Ctx): Promise<number> {
    return (page.total ??= countDeliveries(ctx, page.webhookId));
  }

  @FieldResolver(() => Int, { description: 'How many pages there are, at least 1. Costs a count.' })
  async totalPages(@Root() page: WebhookDeliveryPage, @Context() ctx: Ctx): Promise<number> {
    return Math.max(1, Math.ceil((await this.totalCount(page, ctx)) / page.pageSize));
  }
}

@ObjectType({ description: 'The outcome of an operation on a delivery.' })
class WebhookDeliveryPayload {
  @Field(() => WebhookDelivery, { nullable: true, description: 'The delivery as it is now.' })
  delivery!: WebhookDelivery | null;
}

@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  @Directive('@auth(requires: OWNER)')
  @Query(() => WebhookDeliveryPage, {
    description: 'What a webhook was told and is to be told, newest first.',
  })
  async webhookDeliveries(
    @Arg('webhookId', () => ID, { description: 'Which webhook.' }) webhookId: string,
    @Arg('page', () => Int, { nullable: true, defaultValue: 1, description: 'Which page, from 1.' })
    page: number | null,
    @Arg('pageSize', () => Int, {
      nullable: true,
      defaultValue: 10,
      description: 'Deliveries on a page, from 1 to 100.',
    })
    pageSize: number | null,
    @Context() ctx: Ctx,
  ): Promise<WebhookDeliveryPage> {
    const wanted = requirePage({ page: page ?? 1, pageSize: pageSize ?? 10 });
    return { nodes: await listDeliveries(ctx, webhookId, wanted), ...wanted, webhookId };
  }

  @Directive('@auth(requires: OWNER)')
  @Mutation(() => WebhookDeliveryPayload, {
    description: 'Has a webhook told of nothing, under the type `webhook.test`, to try it.',
  })
  async testWebhook(
    @Arg('id', () => ID, { description: 'Which webhook.' }) id: string,
    @Context() ctx: Ctx,
  ): Promise<WebhookDeliveryPayload> {
    return { delivery: await testWebhook(ctx, id) };
  }

  @Directive('@auth(requires: OWNER)')
  @Mutation(() => WebhookDeliveryPayload, {
    description: 'Has a webhook told of something once more, or now if that waits.',
  })
  async redeliverWebhook(
    @Arg('deliveryId', () => ID, { description: 'Which delivery.' }) deliveryId: string,
    @Context() ctx: Ctx,
  ): Promise<WebhookDeliveryPayload> {
    return { delivery: await redeliverWebhook(ctx, deliveryId) };
  }
}

import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { UserId, WebhookDeliveryId, WebhookId } from '../../identifiers.ts';
import { Webhook } from '../webhook/webhook.entity.ts';
import { deliveryStateNames, type DeliveryState } from './webhook-delivery.rules.ts';

registerEnumType(deliveryStateNames, {
  name: 'WebhookDeliveryState',
  description: 'How far a delivery has come.',
  valuesConfig: {
    PENDING: { description: 'Waits to be posted, for the first time or once more.' },
    DELIVERED: { description: 'The receiver answered with a status of 200 to 299.' },
    FAILED: { description: 'Given up: tried too often, or the receiver is gone.' },
  },
});

/** One event for one webhook, from the change that caused it until it is delivered or given up. */
@ObjectType({ description: 'What a webhook was told or is to be told.' })
@Entity('webhook_deliveries')
@Index('webhook_deliveries_webhook_id_index', ['webhookId', 'sequence'])
@Index('webhook_deliveries_pending_index', ['webhookId', 'userId', 'sequence'], {
  where: `state = 'pending'`,
})
@Index('webhook_deliveries_user_id_index', ['userId'])
@Index('webhook_deliveries_created_at_index', ['createdAt'])
@Check('webhook_deliveries_state_check', `state IN ('pending', 'delivered', 'failed')`)
export class WebhookDelivery {
  @Field(() => ID, { description: 'A UUID v7.' })
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_deliveries_pkey' })
  id!: WebhookDeliveryId;

  @Column('uuid', { name: 'webhook_id' })
  @ForeignKey(() => Webhook, {
    name: 'webhook_deliveries_webhook_id_fkey',
    onDelete: 'CASCADE',
  })
  webhookId!: WebhookId;

  /** The order in which things happened to a user. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  sequence!: string;

  @Field(() => ID, { description: 'The `webhook-id` of its requests, of all tries the same.' })
  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Field(() => String, { description: 'What it tells of, such as `user.created`.' })
  @Column('character varying', { length: 30 })
  type!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Whom it tells of, who may be deleted by now; null for a trial.',
  })
  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: UserId | null;

  @Field(() => GraphQLJSONObject, { description: 'The `data` of what is posted.' })
  @Column('json')
  data!: Record<string, unknown>;

  @Field(() => deliveryStateNames, { description: 'How far it has come.' })
  @Column('character varying', { length: 10, default: 'pending' })
  state!: DeliveryState;

  @Field(() => Int, { description: 'How often it was tried since it last began.' })
  @Column('integer', { default: 0 })
  attempts!: number;

  @Field(() => Int, { nullable: true, description: 'What the latest try was answered with.' })
  @Column('integer', { name: 'status_code', nullable: true })
  statusCode!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many milliseconds the latest try took.' })
  @Column('integer', { name: 'duration_ms', nullable: true })
  durationMs!: number | null;

  @Field(() => String, { nullable: true, description: 'Why the latest try failed.' })
  @Column('character varying', { length: 300, nullable: true })
  error!: string | null;

  @Field(() => GraphQLDateTime, { description: 'When it happened.' })
  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it was last tried.' })
  @Column('timestamp with time zone', { name: 'last_tried_at', precision: 3, nullable: true })
  lastTriedAt!: Date | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description:
      'When it is tried next, unless something else of the same user comes before; null when it is not.',
  })
  @Column('timestamp with time zone', { name: 'next_try_at', precision: 3, nullable: true })
  nextTryAt!: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it was done or given up.' })
  @Column('timestamp with time zone', { name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null;
}

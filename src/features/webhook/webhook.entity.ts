import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { UserId, WebhookId } from '../../identifiers.ts';
import { User } from '../user/user.entity.ts';
import { webhookEventNames, type WebhookEventType } from '../webhook-event/webhook-event.rules.ts';

registerEnumType(webhookEventNames, {
  name: 'WebhookEvent',
  description: 'What a webhook is told of.',
  valuesConfig: {
    USER_CREATED: { description: 'An account was made: `user.created`.' },
    USER_UPDATED: {
      description: 'Profile, custom fields, picture or address changed: `user.updated`.',
    },
    USER_CONFIRMED: { description: 'The address was confirmed: `user.confirmed`.' },
    USER_ACTIVATED: { description: 'The account may be used again: `user.activated`.' },
    USER_DEACTIVATED: { description: 'The account may not be used: `user.deactivated`.' },
    USER_DELETED: { description: 'The account is gone: `user.deleted`.' },
    USER_SIGNED_IN: { description: 'The user signed in: `user.signed_in`.' },
    USER_ROLE_CHANGED: { description: 'A role was given or taken away: `user.role_changed`.' },
    USER_PASSWORD_CHANGED: {
      description: 'There is another password: `user.password_changed`.',
    },
  },
});

/** Where others are told of what happens to users. */
@ObjectType({ description: 'Where somebody else is told of what happens to users.' })
@Entity('webhooks')
@Index('webhooks_created_by_id_index', ['createdById'])
export class Webhook {
  @Field(() => ID, { description: 'A UUID v7.' })
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhooks_pkey' })
  id!: WebhookId;

  @Field(() => String, { description: 'Where it is posted to.' })
  @Column('character varying', { length: 2000 })
  url!: string;

  @Field(() => [webhookEventNames], { description: 'What it is told of.' })
  @Column('text', { array: true })
  events!: WebhookEventType[];

  @Field(() => Boolean, { name: 'enabled', description: 'Whether it is told of anything.' })
  @Column('boolean', { name: 'is_enabled', default: true })
  isEnabled!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Why Gatehouse disabled it, if it was not an Owner.',
  })
  @Column('character varying', { name: 'disabled_reason', length: 200, nullable: true })
  disabledReason!: string | null;

  /** Encrypted: who reads a backup cannot sign anything. */
  @Column('bytea', { name: 'sealed_secret', select: false })
  sealedSecret!: Buffer;

  @Column('bytea', { name: 'sealed_former_secret', nullable: true, select: false })
  sealedFormerSecret!: Buffer | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Until when it is also signed as before it was last rotated.',
  })
  @Column('timestamp with time zone', { name: 'overlaps_until', precision: 3, nullable: true })
  overlapsUntil!: Date | null;

  @Column('uuid', { name: 'created_by_id', nullable: true })
  @ForeignKey(() => User, { name: 'webhooks_created_by_id_fkey', onDelete: 'SET NULL' })
  createdById!: UserId | null;

  @Field(() => GraphQLDateTime, { description: 'When it was made.' })
  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When it was last changed.' })
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3 })
  updatedAt!: Date;
}

import { Field, ObjectType } from 'type-graphql';
import { Webhook } from './webhook.entity.ts';

@ObjectType({ description: 'The outcome of an operation on a webhook.' })
export class WebhookPayload {
  @Field(() => Webhook, { nullable: true, description: 'The webhook as it is now, or was last.' })
  webhook!: Webhook | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Its new secret, which the receiver verifies signatures with. It is told this once; null where none was made.',
  })
  secret!: string | null;
}

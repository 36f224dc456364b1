import { Field, ObjectType } from 'type-graphql';
import { ApiKey } from './api-key.entity.ts';

@ObjectType({ description: 'The outcome of an operation on an API key.' })
export class ApiKeyPayload {
  @Field(() => ApiKey, { nullable: true, description: 'The key as it is now.' })
  apiKey!: ApiKey | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Its new secret, to be sent as `Authorization: Bearer …`. It is told this once; null where none was made.',
  })
  secret!: string | null;
}

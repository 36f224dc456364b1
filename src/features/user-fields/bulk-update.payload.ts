import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { UserError } from '../../errors.ts';
import { UserErrorType } from '../../graphql/user-error.type.ts';
import type { UserId } from '../../identifiers.ts';
import type { BulkResult } from './bulk-update.service.ts';

@ObjectType({ description: 'How an update of many users went with one of them.' })
export class BulkUpdateResult implements BulkResult {
  @Field(() => ID, { description: 'The id, or what was given for one.' })
  userId!: string;

  id!: UserId | undefined;

  @Field(() => [UserErrorType], { description: 'Why this user was not changed; else empty.' })
  errors!: readonly UserError[];
}

@ObjectType({ description: 'The outcome of an update of many users.' })
export class BulkUpdatePayload {
  @Field(() => [BulkUpdateResult], {
    nullable: true,
    description: 'A result for each user, in the order of the ids; a user named twice has one.',
  })
  results!: readonly BulkUpdateResult[] | null;

  @Field(() => Int, { nullable: true, description: 'How many users are as was asked.' })
  updatedCount!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many were refused.' })
  failedCount!: number | null;
}

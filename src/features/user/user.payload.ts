import { Field, ObjectType } from 'type-graphql';
import { User } from './user.entity.ts';

@ObjectType({ description: 'The outcome of an operation on a user.' })
export class UserPayload {
  @Field(() => User, { nullable: true, description: 'The user as it is now.' })
  user!: User | null;
}

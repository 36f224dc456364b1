import { Field, Int, ObjectType } from 'type-graphql';
import { User } from '../user/user.entity.ts';
import type { UserFilter } from './user.search.ts';

@ObjectType({ description: 'One page of a list of users.' })
export class UserPage {
  @Field(() => [User], { description: 'The users on this page.' })
  nodes!: User[];

  @Field(() => Int, { description: 'Which page this is, from 1.' })
  page!: number;

  @Field(() => Int, { description: 'Users on a full page.' })
  pageSize!: number;

  filter!: UserFilter;
  /** Counted once, when the first field asks. */
  total?: Promise<number>;
}

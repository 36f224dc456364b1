import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../graphql/connection.ts';
import { User } from '../user/user.entity.ts';
import type { Criteria } from './user.search.ts';

/** A part of a list, of which all of the list can be counted: once, when the first field asks. */
export interface UserList {
  readonly criteria: Criteria | null;
  total?: Promise<number>;
}

@ObjectType({ description: 'One page of a list of users.' })
export class UserPage implements UserList {
  @Field(() => [User], { description: 'The users on this page.' })
  nodes!: User[];

  @Field(() => Int, { description: 'Which page this is, from 1.' })
  page!: number;

  @Field(() => Int, { description: 'Users on a full page.' })
  pageSize!: number;

  criteria!: Criteria | null;
  total?: Promise<number>;
}

@ObjectType({ description: 'A user in a list, and where in it.', simpleResolvers: true })
class UserEdge {
  @Field(() => String, { description: 'For `after` and `before`; good in the same order only.' })
  cursor!: string;

  @Field(() => User, { description: 'The user.' })
  node!: User;
}

@ObjectType({ description: 'A stretch of a list of users, after the Relay specification.' })
export class UserConnection implements UserList {
  @Field(() => [UserEdge], { description: 'The users of this stretch, with their places.' })
  edges!: UserEdge[];

  @Field(() => PageInfo, { description: 'Whether the list goes on, and from where.' })
  pageInfo!: PageInfo;

  criteria!: Criteria | null;
  total?: Promise<number>;
}

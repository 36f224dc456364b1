import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({
  description: 'As much of a user as tells which one to choose.',
  simpleResolvers: true,
})
export class UserOption {
  @Field(() => ID, { description: 'The id of the user.' })
  id!: string;

  @Field(() => String, { description: 'The address as it was typed.' })
  email!: string;

  @Field(() => String, { nullable: true, description: 'A handle that also signs in.' })
  username!: string | null;

  @Field(() => String, { nullable: true, description: 'Given name.' })
  firstName!: string | null;

  @Field(() => String, { nullable: true, description: 'Family name.' })
  lastName!: string | null;
}

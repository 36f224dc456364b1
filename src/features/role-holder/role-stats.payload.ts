import { Field, Int, ObjectType } from 'type-graphql';
import { Role } from '../role/role.entity.ts';

@ObjectType({ description: 'How many users hold a role.', simpleResolvers: true })
class RoleCount {
  @Field(() => Role, { description: 'The role.' })
  role!: Role;

  @Field(() => Int, { description: 'Its holders, inactive ones included.' })
  count!: number;
}

@ObjectType({
  description: 'How many users there are. Who holds several roles counts with each of them.',
  simpleResolvers: true,
})
export class RoleStats {
  @Field(() => Int, { description: 'All users.' })
  totalUsers!: number;

  @Field(() => Int, { description: 'Holders of the role Owner.' })
  ownerCount!: number;

  @Field(() => Int, { description: 'Holders of the role Admin.' })
  adminCount!: number;

  @Field(() => Int, { description: 'Holders of the role User.' })
  userCount!: number;

  @Field(() => Int, { description: 'Users who may sign in.' })
  activeCount!: number;

  @Field(() => Int, { description: 'Users who may not sign in.' })
  inactiveCount!: number;

  @Field(() => Int, { description: 'Users whose address is confirmed.' })
  confirmedCount!: number;

  @Field(() => Int, { description: 'Users whose address is not confirmed yet.' })
  pendingCount!: number;

  @Field(() => [RoleCount], {
    description: 'Holders of every role, those of Gatehouse first, then by name.',
  })
  byRole!: RoleCount[];
}

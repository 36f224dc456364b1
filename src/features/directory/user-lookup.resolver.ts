import { Arg, Ctx as Context, Directive, ID, Query, Resolver } from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { User } from '../user/user.entity.ts';
import { findUserByEmail, firstAdmin, firstUser } from './user-lookup.service.ts';
import { UserOption } from './user-option.payload.ts';
import { searchUsers, userOption } from './user-option.service.ts';

@Resolver(() => User)
export class UserLookupResolver {
  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @Query(() => User, { nullable: true, description: 'A user by address; null when absent.' })
  userByEmail(
    @Arg('email', () => String, { description: 'The address, in any case.' }) email: string,
    @Context() ctx: Ctx,
  ): Promise<User | null> {
    return findUserByEmail(ctx, email);
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @Query(() => User, {
    nullable: true,
    description: 'The first Owner; without one the first Admin; null without one.',
  })
  firstAdmin(@Context() ctx: Ctx): Promise<User | null> {
    return firstAdmin(ctx);
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @Query(() => User, { nullable: true, description: 'The user with the lowest id.' })
  firstUser(@Context() ctx: Ctx): Promise<User | null> {
    return firstUser(ctx);
  }
}

@Resolver(() => UserOption)
export class UserOptionResolver {
  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @Query(() => [UserOption], {
    description:
      'At most ten users to choose from by a part of an address, username or name, of at least ' +
      'two characters: whole matches first, then beginnings.',
  })
  searchUsers(
    @Arg('term', () => String, { description: 'What to look for.' }) term: string,
    @Context() ctx: Ctx,
  ): Promise<UserOption[]> {
    return searchUsers(ctx, term);
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @Query(() => UserOption, { nullable: true, description: 'One user to show as chosen.' })
  userOption(
    @Arg('id', () => ID, { description: 'Whom.' }) id: string,
    @Context() ctx: Ctx,
  ): Promise<UserOption | null> {
    return userOption(ctx, id);
  }
}

import {
  Arg,
  Args,
  ArgsType,
  Ctx as Context,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { requirePage } from '../../graphql/page.ts';
import { User } from './user.entity.ts';
import { userById } from './user.loaders.ts';
import { displayName } from './user.rules.ts';
import { UserSort, type UserFilter } from './user.search.ts';
import { countUsers, findUser, listUsers } from './user.service.ts';

registerEnumType(UserSort, {
  name: 'UserSort',
  description: 'The order of a list of users. The id breaks ties.',
  valuesConfig: {
    CREATED_AT_DESC: { description: 'Newest first.' },
    CREATED_AT_ASC: { description: 'Oldest first.' },
    EMAIL_ASC: { description: 'By address, from A to Z.' },
    EMAIL_DESC: { description: 'By address, from Z to A.' },
  },
});

@ArgsType()
class UsersArgs implements UserFilter {
  @Field(() => Int, { nullable: true, defaultValue: 1, description: 'Which page, from 1.' })
  page!: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 10,
    description: 'Users on a page, from 1 to 100.',
  })
  pageSize!: number | null;

  @Field(() => String, { nullable: true, description: 'Only holders of this role.' })
  role?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Part of an address, username or name, of at least two characters.',
  })
  search?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Only active, or only inactive users.' })
  isActive?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only confirmed, or only unconfirmed ones.',
  })
  confirmed?: boolean | null;

  @Field(() => UserSort, {
    nullable: true,
    defaultValue: UserSort.CREATED_AT_DESC,
    description: 'The order.',
  })
  sort!: UserSort | null;
}

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

@Resolver(() => UserPage)
export class UserPageResolver {
  @FieldResolver(() => Int, { description: 'Users on all pages. Costs a count.' })
  totalCount(@Root() page: UserPage, @Context() ctx: Ctx): Promise<number> {
    return (page.total ??= countUsers(ctx, page.filter));
  }

  @FieldResolver(() => Int, { description: 'How many pages there are, at least 1. Costs a count.' })
  async totalPages(@Root() page: UserPage, @Context() ctx: Ctx): Promise<number> {
    return Math.max(1, Math.ceil((await this.totalCount(page, ctx)) / page.pageSize));
  }
}

@ObjectType({ description: 'Where an account was made.' })
class Registration {
  @Field(() => String, { nullable: true, description: 'The address that registered.' })
  ipAddress!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The country of that address by ISO 3166-1, such as `GB`; null when unknown.',
  })
  countryCode!: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the country, in English.' })
  country!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The widest part of the country that is known, such as a state; in English.',
  })
  region!: string | null;

  @Field(() => String, { nullable: true, description: 'The city or town, in English.' })
  city!: string | null;
}

@Resolver(() => User)
export class UserResolver {
  @Directive('@public')
  @Query(() => User, { nullable: true, description: 'The signed-in user; null when signed out.' })
  me(@Context() ctx: Ctx): Promise<User | null> | null {
    return ctx.actor.type === 'user' ? userById(ctx).load(ctx.actor.userId) : null;
  }

  @Directive('@auth(requires: USER, scope: USERS_READ)')
  @Query(() => User, {
    nullable: true,
    description: 'A user by id; null when absent. Users may ask for themselves, Admins for anyone.',
  })
  user(
    @Arg('id', () => ID, { description: 'Whom.' }) id: string,
    @Context() ctx: Ctx,
  ): Promise<User | null> {
    return findUser(ctx, id);
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_READ)')
  @Query(() => UserPage, { description: 'Users, page by page, newest first unless sorted.' })
  async users(@Args(() => UsersArgs) args: UsersArgs, @Context() ctx: Ctx): Promise<UserPage> {
    const { page, pageSize, sort, ...filter } = args;
    const wanted = requirePage({ page: page ?? 1, pageSize: pageSize ?? 10 });
    const nodes = await listUsers(ctx, filter, sort ?? UserSort.CREATED_AT_DESC, wanted);
    return { nodes, ...wanted, filter };
  }

  @FieldResolver(() => String, {
    description: 'Full name, else username, else the part of the address before the @.',
  })
  displayName(@Root() user: User): string {
    return displayName(user);
  }

  @Directive('@private')
  @FieldResolver(() => Registration, {
    nullable: true,
    description: 'Where the account was made.',
  })
  registration(@Root() user: User): Registration {
    return {
      ipAddress: user.registrationIp,
      countryCode: user.registrationCountryCode,
      country: user.registrationCountry,
      region: user.registrationRegion,
      city: user.registrationCity,
    };
  }
}

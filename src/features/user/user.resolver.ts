import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { User } from './user.entity.ts';
import { userById } from './user.loaders.ts';
import { displayName } from './user.rules.ts';
import { findUser } from './user.service.ts';

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
  me(@Context() ctx: Ctx): Promise<User | null> | User | null {
    return ctx.actor.type === 'user' ? userById(ctx).get(ctx.actor.userId) : null;
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

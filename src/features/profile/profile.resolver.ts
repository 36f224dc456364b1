import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  ID,
  InputType,
  Mutation,
  Query,
  Resolver,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { Validation } from '../../graphql/user-error.type.ts';
import { freshUser } from '../user/user.loaders.ts';
import { UserPayload } from '../user/user.payload.ts';
import type { ProfileInput as Profile } from './profile.rules.ts';
import {
  ownProfileViolations,
  updateOwnLocale,
  updateOwnProfile,
  updateProfileOf,
} from './profile.service.ts';

@InputType({
  description: 'A profile. What is absent stays as it is; null or blank clears it.',
})
class ProfileInput implements Profile {
  @Field(() => String, {
    nullable: true,
    description: 'Three to thirty letters, digits and `_`. Without one, the address signs in.',
  })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'Given name, at most 100 characters.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Family name, at most 100 characters.' })
  lastName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'An IANA zone such as `Europe/Berlin`, or an offset: `+05:30`, `5.5`, `-3`.',
  })
  timezone?: string | null;
}

@Resolver()
export class ProfileResolver {
  @Directive('@auth(requires: USER)')
  @Mutation(() => UserPayload, { description: 'Changes the own profile.' })
  async updateProfile(
    @Arg('input', () => ProfileInput, { description: 'What to change.' }) input: ProfileInput,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    const userId = await updateOwnProfile(ctx, input);
    return { user: await freshUser(ctx, userId) };
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_WRITE)')
  @Mutation(() => UserPayload, { description: "Changes another user's profile." })
  async updateUserProfile(
    @Arg('userId', () => ID, { description: 'Whose.' }) userId: string,
    @Arg('input', () => ProfileInput, { description: 'What to change.' }) input: ProfileInput,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    const targetId = await updateProfileOf(ctx, userId, input);
    return { user: await freshUser(ctx, targetId) };
  }

  @Directive('@auth(requires: USER)')
  @Query(() => Validation, {
    description: 'What `updateProfile` would refuse, for forms. Changes nothing.',
  })
  async validateProfile(
    @Arg('input', () => ProfileInput, { description: 'What to change.' }) input: ProfileInput,
    @Context() ctx: Ctx,
  ): Promise<Validation> {
    const errors = await ownProfileViolations(ctx, input);
    return { valid: errors.length === 0, errors };
  }

  @Directive('@auth(requires: USER)')
  @Mutation(() => UserPayload, {
    description: 'Sets the language in which the caller is written to.',
  })
  async updateLocalePreference(
    @Arg('locale', () => String, {
      nullable: true,
      description: 'A BCP 47 tag such as `en-GB`, at most 35 characters; null clears it.',
    })
    locale: string | null,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    const userId = await updateOwnLocale(ctx, locale);
    return { user: await freshUser(ctx, userId) };
  }
}

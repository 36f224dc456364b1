import {
  Arg,
  Ctx as Context,
  Directive,
  FieldResolver,
  ID,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars';
import type { Ctx } from '../../context.ts';
import type { UserId } from '../../identifiers.ts';
import type { JsonValue } from '../../json.ts';
import { User, type CustomFields } from '../user/user.entity.ts';
import { freshUser, userById } from '../user/user.loaders.ts';
import { UserPayload } from '../user/user.payload.ts';
import { BulkUpdatePayload, BulkUpdateResult } from './bulk-update.payload.ts';
import { bulkUpdate } from './bulk-update.service.ts';
import { customFieldsOfUser } from './user-fields.loaders.ts';
import { fieldOfUser } from './user-fields.rules.ts';
import {
  deleteCustomField,
  replaceCustomFields,
  setCustomField,
  setOwnCustomField,
  updateUserFields,
} from './user-fields.service.ts';

const userIdArgument = { description: 'Whom it concerns.' };
const keyArgument = { description: 'The key of the custom field.' };
const valueArgument = { nullable: true, description: 'Its value; null removes it.' };

@Resolver()
export class UserFieldsResolver {
  @Directive('@auth(requires: ADMIN, scope: USERS_WRITE)')
  @Mutation(() => UserPayload, {
    description:
      'Changes profile and custom fields of a user by name, all or nothing. What is not named stays as it is; null clears. A new `email` has to be confirmed.',
  })
  async updateUserFields(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Arg('fields', () => GraphQLJSONObject, { description: 'What to change, by name.' })
    fields: CustomFields,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return payloadFor(ctx, await updateUserFields(ctx, userId, fields));
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_WRITE)')
  @Mutation(() => BulkUpdatePayload, {
    description: 'Changes the same fields of up to 1,000 users, each independent of the others.',
  })
  async bulkUpdateUserFields(
    @Arg('userIds', () => [ID], { description: 'Whom it concerns.' }) userIds: string[],
    @Arg('fields', () => GraphQLJSONObject, { description: 'What to change, by name.' })
    fields: CustomFields,
    @Arg('dryRun', () => Boolean, {
      nullable: true,
      defaultValue: false,
      description: 'Whether to tell what would be done, and do nothing.',
    })
    dryRun: boolean | null,
    @Context() ctx: Ctx,
  ): Promise<BulkUpdatePayload> {
    const results = await bulkUpdate(ctx, { userIds, fields, dryRun: dryRun ?? false });
    const failedCount = results.filter(({ errors }) => errors.length > 0).length;
    return { results, updatedCount: results.length - failedCount, failedCount };
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_WRITE)')
  @Mutation(() => UserPayload, {
    description: 'Sets one custom field of a user, and leaves the others as they are.',
  })
  async setUserCustomField(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Arg('key', () => String, keyArgument) key: string,
    @Arg('value', () => GraphQLJSON, valueArgument) value: JsonValue | undefined,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return payloadFor(ctx, await setCustomField(ctx, userId, key, value ?? null));
  }

  @Directive('@auth(requires: USER)')
  @Mutation(() => UserPayload, {
    description: 'Sets one of the own custom fields, of those that users may write.',
  })
  async setMyCustomField(
    @Arg('key', () => String, keyArgument) key: string,
    @Arg('value', () => GraphQLJSON, valueArgument) value: JsonValue | undefined,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return payloadFor(ctx, await setOwnCustomField(ctx, key, value ?? null));
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_WRITE)')
  @Mutation(() => UserPayload, { description: 'Removes one custom field of a user.' })
  async deleteUserCustomField(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Arg('key', () => String, keyArgument) key: string,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return payloadFor(ctx, await deleteCustomField(ctx, userId, key));
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_WRITE)')
  @Mutation(() => UserPayload, {
    description: 'Gives a user these custom fields and no others; `{}` removes all.',
  })
  async updateUserCustomFields(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Arg('customFields', () => GraphQLJSONObject, { description: 'All of them, by key.' })
    customFields: CustomFields,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return payloadFor(ctx, await replaceCustomFields(ctx, userId, customFields));
  }
}

@Resolver(() => User)
export class FieldsOfUserResolver {
  @Directive('@private')
  @FieldResolver(() => GraphQLJSONObject, {
    description: 'What applications keep about the user, by key.',
  })
  async customFields(@Root() user: User, @Context() ctx: Ctx): Promise<CustomFields> {
    return (await customFieldsOfUser(ctx).load(user.id)) ?? {};
  }

  @Directive('@private')
  @FieldResolver(() => GraphQLJSON, {
    nullable: true,
    description: 'One custom field; null when there is none of this key.',
  })
  async customField(
    @Root() user: User,
    @Arg('key', () => String, keyArgument) key: string,
    @Context() ctx: Ctx,
  ): Promise<JsonValue> {
    const fields = await this.customFields(user, ctx);
    return Object.hasOwn(fields, key) ? (fields[key] ?? null) : null;
  }

  @Directive('@private')
  @FieldResolver(() => GraphQLJSON, {
    nullable: true,
    description:
      'A field of every user by name, such as `firstName` or `first_name`, else the custom field of this key. Never a secret.',
  })
  async field(
    @Root() user: User,
    @Arg('name', () => String, { description: 'Its name.' }) name: string,
    @Context() ctx: Ctx,
  ): Promise<JsonValue> {
    const value = fieldOfUser(user, name);
    return value === undefined ? this.customField(user, name, ctx) : value;
  }
}

@Resolver(() => BulkUpdateResult)
export class BulkUpdateResultResolver {
  @FieldResolver(() => User, {
    nullable: true,
    description: 'The user as it is now; null when there is none, or when it was refused.',
  })
  user(@Root() { id, errors }: BulkUpdateResult, @Context() ctx: Ctx): Promise<User | null> | null {
    return id === undefined || errors.length > 0 ? null : userById(ctx).load(id);
  }
}

async function payloadFor(ctx: Ctx, id: UserId): Promise<UserPayload> {
  return { user: await freshUser(ctx, id) };
}

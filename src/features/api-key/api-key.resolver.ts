import { GraphQLDateTime } from 'graphql-scalars';
import {
  Arg,
  Ctx as Context,
  Directive,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Scope } from '../../actor.ts';
import type { Ctx } from '../../context.ts';
import { ScopeType } from '../../graphql/scope.type.ts';
import { User } from '../user/user.entity.ts';
import { userById } from '../user/user.loaders.ts';
import { ApiKey } from './api-key.entity.ts';
import { ApiKeyPayload } from './api-key.payload.ts';
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from './api-key.service.ts';

const idArgument = { description: 'Which key.' };

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @Directive('@auth(requires: OWNER)')
  @Query(() => [ApiKey], {
    description:
      'All API keys, those that have ended among them; newest first, a thousand at most.',
  })
  apiKeys(@Context() ctx: Ctx): Promise<ApiKey[]> {
    return listApiKeys(ctx);
  }

  @Directive('@auth(requires: OWNER)')
  @Mutation(() => ApiKeyPayload, { description: 'Makes an API key and tells its secret, once.' })
  async createApiKey(
    @Arg('name', () => String, { description: 'At most 100 characters.' }) name: string,
    @Arg('scopes', () => [ScopeType], { description: 'What it may do: one scope at least.' })
    scopes: Scope[],
    @Arg('expiresAt', () => GraphQLDateTime, {
      nullable: true,
      description: 'When it is to end by itself.',
    })
    expiresAt: Date | null | undefined,
    @Arg('addresses', () => [String], {
      nullable: true,
      description:
        'The addresses and CIDR ranges it may be used from, a hundred at most. Unless given, from anywhere.',
    })
    addresses: string[] | null | undefined,
    @Context() ctx: Ctx,
  ): Promise<ApiKeyPayload> {
    return createApiKey(ctx, { name, scopes, expiresAt, addresses });
  }

  @Directive('@auth(requires: OWNER)')
  @Mutation(() => ApiKeyPayload, {
    description:
      'Gives an API key a new secret and tells it, once. The one before goes on for a while.',
  })
  async rotateApiKey(
    @Arg('id', () => ID, idArgument) id: string,
    @Arg('graceSeconds', () => Int, {
      nullable: true,
      defaultValue: 3600,
      description: 'For how long former secrets go on, from 0 to 86,400 seconds.',
    })
    graceSeconds: number | null,
    @Context() ctx: Ctx,
  ): Promise<ApiKeyPayload> {
    return rotateApiKey(ctx, id, graceSeconds ?? 3600);
  }

  @Directive('@auth(requires: OWNER)')
  @Mutation(() => ApiKeyPayload, {
    description: 'Ends an API key and every secret it has, with the next request.',
  })
  async revokeApiKey(
    @Arg('id', () => ID, idArgument) id: string,
    @Context() ctx: Ctx,
  ): Promise<ApiKeyPayload> {
    return { apiKey: await revokeApiKey(ctx, id), secret: null };
  }

  @FieldResolver(() => [ScopeType], { description: 'What it may do.' })
  scopes(@Root() key: ApiKey): Scope[] {
    return key.scopes;
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Who made it; null for one who has been deleted.',
  })
  async createdBy(@Root() { createdById }: ApiKey, @Context() ctx: Ctx): Promise<User | null> {
    return createdById && userById(ctx).load(createdById);
  }
}

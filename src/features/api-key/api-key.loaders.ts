import { In } from 'typeorm';
import { perRequest } from '../../graphql/loader.ts';
import type { ApiKeyId } from '../../identifiers.ts';
import { ApiKey } from './api-key.entity.ts';

export const apiKeyById = perRequest<ApiKeyId, ApiKey>(async (ctx, ids) => {
  const keys = await ctx.db.findBy(ApiKey, { id: In([...ids]) });
  return new Map(keys.map((key) => [key.id, key]));
});

import { getDirective, MapperKind, mapSchema } from '@graphql-tools/utils';
import { defaultFieldResolver, type GraphQLFieldConfig, type GraphQLSchema } from 'graphql';
import { getGraphQLRateLimiter, Store } from 'graphql-rate-limit';
import type { Ctx, RateLimitStore } from '../context.ts';
import { Denial } from '../errors.ts';
import type { Limit, LimitName } from '../limits.ts';
import { rateLimitDirective } from './directives.ts';

export interface LimitRules {
  /** The key under which a limit counts this call of `operation`. */
  key(name: LimitName, ctx: Ctx, args: Record<string, unknown>, operation: string): Promise<string>;
  /** The denial it ends in. */
  denial(name: LimitName, ctx: Ctx, freeInMilliseconds: number): Denial;
}

/**
 * The store of one attempt. `graphql-rate-limit` reads the earlier calls, decides, and writes: two
 * calls that read together would both pass. So the place is taken while the library "reads", in
 * one atomic step, and it is told of as many earlier calls as make it decide the same. By the
 * time it "writes", all is written.
 */
class AtomicStore extends Store {
  freeInMilliseconds = 0;

  constructor(
    private readonly places: RateLimitStore,
    private readonly key: string,
    private readonly limit: Limit,
  ) {
    super();
  }

  async getForIdentity(): Promise<readonly number[]> {
    const { max, windowSeconds } = this.limit;
    const taken = await this.places.take(this.key, max, windowSeconds * 1000, 1);
    this.freeInMilliseconds = taken.freeInMilliseconds;
    return taken.granted === 1 ? [] : Array<number>(max).fill(Date.now());
  }

  setForIdentity(): void {}
}

/** Puts `@rateLimit` before the resolvers; several on a field are taken in the order written. */
export function limitFields(schema: GraphQLSchema, rules: LimitRules): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field: GraphQLFieldConfig<unknown, Ctx>) => {
      const directives = getDirective(schema, field, rateLimitDirective.name) ?? [];
      const names = directives.map((directive) => directive.name as LimitName);
      return names.length === 0 ? field : limited(field, names, rules);
    },
  });
}

function limited(
  field: GraphQLFieldConfig<unknown, Ctx>,
  names: readonly LimitName[],
  rules: LimitRules,
): GraphQLFieldConfig<unknown, Ctx> {
  const resolve = field.resolve ?? defaultFieldResolver;
  return {
    ...field,
    async resolve(source, args: Record<string, unknown>, ctx, info) {
      for (const name of names) {
        const limit = ctx.config.limits[name];
        if (limit.max === 0) continue;
        const key = await rules.key(name, ctx, args, info.fieldName);
        const store = new AtomicStore(ctx.ports.rateLimits, key, limit);
        const limiter = getGraphQLRateLimiter({ identifyContext: () => key, store });
        const call = { parent: source, args, context: ctx, info };
        const window = `${limit.windowSeconds}s`;
        const denied = await limiter(call, { max: limit.max, window }).catch((error: unknown) =>
          failClosed(ctx, error),
        );
        if (denied !== undefined) throw rules.denial(name, ctx, store.freeInMilliseconds);
      }
      return resolve(source, args, ctx, info);
    },
  };
}

/** Without its counters a credential could be tried without end: rather nobody signs in. */
function failClosed(ctx: Ctx, error: unknown): never {
  ctx.log.error({ err: error }, 'the store of rate limits cannot be reached');
  throw new Denial('SERVER_BUSY', 'The server is busy; try again in a moment.', {}, error);
}

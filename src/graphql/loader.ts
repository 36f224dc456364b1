import DataLoader from 'dataloader';
import type { Ctx } from '../context.ts';

/**
 * A DataLoader per request: what resolvers ask for in one tick becomes one statement.
 * `load` answers for many keys at once, in a map; what the map lacks is null.
 */
export function perRequest<Key extends string, Value>(
  load: (ctx: Ctx, keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (ctx: Ctx) => DataLoader<Key, Value | null> {
  return (ctx) => {
    // Each `load` keys the one loader that was made from it, so the type is known.
    const known = ctx.loaders.get(load) as DataLoader<Key, Value | null> | undefined;
    const loader =
      known ??
      new DataLoader<Key, Value | null>(async (keys) => {
        const found = await load(ctx, keys);
        return keys.map((key) => found.get(key) ?? null);
      });
    ctx.loaders.set(load, loader);
    return loader;
  };
}

/** Forgets what was loaded for a request: after a mutation it may no longer be true. */
export function forgetLoaded(ctx: Ctx): void {
  ctx.loaders.clear();
}

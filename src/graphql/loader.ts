import DataLoader from 'dataloader';
import type { Ctx } from '../context.ts';

const loadersOf = new WeakMap<Ctx, Map<unknown, unknown>>();

/**
 * A DataLoader per request: what resolvers ask for in one tick becomes one statement.
 * `load` answers for many keys at once, in a map; what the map lacks is null.
 */
export function perRequest<Key extends string, Value>(
  load: (ctx: Ctx, keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (ctx: Ctx) => DataLoader<Key, Value | null> {
  return (ctx) => {
    const loaders = loadersOf.get(ctx) ?? new Map<unknown, unknown>();
    loadersOf.set(ctx, loaders);
    // Each `load` keys the one loader that was made from it, so the type is known.
    const known = loaders.get(load) as DataLoader<Key, Value | null> | undefined;
    const loader =
      known ??
      new DataLoader<Key, Value | null>(async (keys) => {
        const found = await load(ctx, keys);
        return keys.map((key) => found.get(key) ?? null);
      });
    loaders.set(load, loader);
    return loader;
  };
}

/** Forgets what was loaded for a request: after a mutation it may no longer be true. */
export function forgetLoaded(ctx: Ctx): void {
  loadersOf.delete(ctx);
}

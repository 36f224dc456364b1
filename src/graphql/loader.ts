import DataLoader from 'dataloader';
import type { Ctx } from '../context.ts';
import { readingAlike } from '../reading.ts';

type Load<Key, Value> = (ctx: Ctx, keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;

/** What a request has loaded, or was given, by key. Null is what is not there. */
class RequestLoader<Key extends string, Value> {
  readonly #known = new Map<Key, Value | null>();
  #batches: DataLoader<Key, Value | null> | undefined;

  constructor(
    private readonly ctx: Ctx,
    private readonly read: Load<Key, Value>,
  ) {}

  /** What is asked for in one tick becomes one statement. */
  load(key: Key): Promise<Value | null> {
    const known = this.#known.get(key);
    if (known !== undefined) return Promise.resolve(known);
    this.#batches ??= new DataLoader(async (keys) => {
      const found = await this.read(this.ctx, keys);
      return keys.map((each) => found.get(each) ?? null);
    });
    return this.#batches.load(key);
  }

  /** The same without a promise where it is known: in long lists, and in `me`, they would show. */
  get(key: Key): Value | null | Promise<Value | null> {
    const known = this.#known.get(key);
    return known === undefined ? this.load(key) : known;
  }

  /** Reads what a list is going to ask for, so that its rows find it there. */
  async preload(keys: readonly Key[]): Promise<void> {
    const found = await this.read(this.ctx, keys);
    for (const key of keys) this.#known.set(key, found.get(key) ?? null);
  }

  prime(key: Key, value: Value): void {
    this.#known.set(key, value);
  }

  clear(key: Key): this {
    this.#known.delete(key);
    this.#batches?.clear(key);
    return this;
  }
}

/** A loader per request. `load` answers for many keys at once, in a map; what it lacks is null. */
export function perRequest<Key extends string, Value>(
  load: Load<Key, Value>,
): (ctx: Ctx) => RequestLoader<Key, Value> {
  return (ctx) => {
    // Each `load` keys the one loader that was made from it, so the type is known.
    const known = ctx.loaders.get(load) as RequestLoader<Key, Value> | undefined;
    if (known !== undefined) return known;
    const loader = new RequestLoader(ctx, load);
    ctx.loaders.set(load, loader);
    return loader;
  };
}

/** The same for what lists show of their rows: it comes from where the request's list came from. */
export function alongList<Key extends string, Value>(
  load: Load<Key, Value>,
): (ctx: Ctx) => RequestLoader<Key, Value> {
  return perRequest<Key, Value>((ctx, keys) => readingAlike(ctx, (ctx) => load(ctx, keys)));
}

/** Forgets what was loaded for a request: after a mutation it may no longer be true. */
export function forgetLoaded(ctx: Ctx): void {
  ctx.loaders.clear();
  if (ctx.reading) ctx.reading.replica = undefined;
}

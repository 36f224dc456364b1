import type { Places, RateLimitStore } from '../../context.ts';

interface Lease {
  remaining: number;
  readonly deniedUntil: number;
  readonly endsAt: number;
}

// A fiftieth of the window's places: few enough that what one process leases and does not use is
// no loss to the others, many enough that the store is asked for one request in a dozen.
const leaseDivisor = 50;
const maxLeases = 10_000;

/**
 * A store for limits that every request meets. The process takes several places at a time and
 * hands them out itself, and remembers a denial until it ends. Never more than `max` are handed
 * out over all instances; a process may leave a lease of a fiftieth unused. Limits of fewer than a
 * hundred are asked for place by place, and so are exact.
 */
export function leasing(store: RateLimitStore, now: () => number = Date.now): RateLimitStore {
  const leases = new Map<string, Lease>();
  const asking = new Map<string, Promise<Places>>();

  /** Asks the store, and keeps all but the one place that is for who asked. */
  async function ask(key: string, max: number, windowMilliseconds: number): Promise<Places> {
    const askedAt = now();
    const wanted = Math.max(1, Math.floor(max / leaseDivisor));
    const places = await store.take(key, max, windowMilliseconds, wanted);
    if (leases.size >= maxLeases) leases.clear();
    leases.set(key, {
      remaining: Math.max(0, places.granted - 1),
      deniedUntil: places.granted === 0 ? now() + places.freeInMilliseconds : 0,
      // Leased places are the window's of the moment they were taken.
      endsAt: askedAt + windowMilliseconds,
    });
    return { ...places, granted: Math.min(1, places.granted) };
  }

  return {
    async take(key, max, windowMilliseconds) {
      for (;;) {
        const leased = takeLeased(leases.get(key), now(), windowMilliseconds);
        if (leased !== undefined) return leased;
        const underWay = asking.get(key);
        if (underWay === undefined) {
          const places = ask(key, max, windowMilliseconds).finally(() => asking.delete(key));
          asking.set(key, places);
          return places;
        }
        // One question at a time for a key, and the others live on its answer: a denial beside it
        // would shut the door on places just leased.
        await underWay;
      }
    },
  };
}

/** A place of the lease, or its denial; undefined when the store has to be asked. */
function takeLeased(
  lease: Lease | undefined,
  time: number,
  windowMilliseconds: number,
): Places | undefined {
  if (lease === undefined || time >= lease.endsAt) return undefined;
  if (lease.deniedUntil > time) {
    return { granted: 0, freeInMilliseconds: lease.deniedUntil - time };
  }
  if (lease.remaining === 0) return undefined;
  lease.remaining -= 1;
  return { granted: 1, freeInMilliseconds: windowMilliseconds };
}

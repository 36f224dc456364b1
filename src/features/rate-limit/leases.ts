import type { RateLimitStore } from '../../context.ts';

interface Lease {
  remaining: number;
  deniedUntil: number;
  readonly endsAt: number;
}

// A fiftieth of the window's places: few enough that what one process leases and does not use is
// no loss to the others, many enough that the store is asked for one request in a dozen.
const leaseDivisor = 50;
const maxLeases = 10_000;

/**
 * A store for limits that every request meets. The process takes several places at a time and
 * hands them out itself, and remembers a denial until it ends. Never more than `max` pass over
 * all instances; a process may leave a lease of a fiftieth unused. Limits of fewer than a hundred
 * are asked for place by place, and so are exact.
 */
export function leasing(store: RateLimitStore, now: () => number = Date.now): RateLimitStore {
  const leases = new Map<string, Lease>();
  return {
    async take(key, max, windowMilliseconds) {
      const lease = leases.get(key);
      const time = now();
      if (lease !== undefined && time < lease.endsAt) {
        if (lease.deniedUntil > time) {
          return { granted: 0, freeInMilliseconds: lease.deniedUntil - time };
        }
        if (lease.remaining > 0) {
          lease.remaining -= 1;
          return { granted: 1, freeInMilliseconds: windowMilliseconds };
        }
      }
      const wanted = Math.max(1, Math.floor(max / leaseDivisor));
      const places = await store.take(key, max, windowMilliseconds, wanted);
      if (leases.size >= maxLeases) leases.clear();
      const kept = leases.get(key);
      const unused = kept !== undefined && now() < kept.endsAt ? kept.remaining : 0;
      leases.set(key, {
        remaining: unused + Math.max(0, places.granted - 1),
        deniedUntil: places.granted === 0 ? now() + places.freeInMilliseconds : 0,
        // Leased places are the window's of the moment they were taken.
        endsAt: time + windowMilliseconds,
      });
      return {
        granted: Math.min(1, places.granted),
        freeInMilliseconds: places.freeInMilliseconds,
      };
    },
  };
}

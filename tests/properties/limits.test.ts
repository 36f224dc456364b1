import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataSource } from 'typeorm';
import type { Places, RateLimitStore } from '../../src/context.ts';
import { clientNetwork } from '../../src/features/rate-limit/client-network.rules.ts';
import { leasing } from '../../src/features/rate-limit/leases.ts';
import { createPostgresRateLimits } from '../../src/features/rate-limit/rate-limit.store.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const window = 60_000;

/** What a sliding window is: a place is free again one window after it was taken. */
function windowOf(max: number, now: () => number) {
  let taken: number[] = [];
  return (count: number): Places => {
    taken = taken.filter((place) => place + window > now());
    const granted = Math.max(0, Math.min(count, max - taken.length));
    taken.push(...Array<number>(granted).fill(now()));
    return { granted, freeInMilliseconds: (taken[0] ?? now()) + window - now() };
  };
}

/** Some seconds pass, and then as many places are asked for. */
interface Step {
  readonly seconds: number;
  readonly count: number;
}

// Multiples of seven seconds never add up to a window, at whose very end a clock could decide.
const steps = fc.array(
  fc.record({ seconds: fc.nat(6).map((n) => n * 7), count: fc.integer({ min: 1, max: 4 }) }),
  { minLength: 1, maxLength: 12 },
);

describe('the statement that takes places', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: RateLimitStore;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 1 });
    const query = async (text: string, values: unknown[]) => {
      const { rows } = await pool.query<object>(text, values);
      return rows;
    };
    store = createPostgresRateLimits({ query } as unknown as DataSource);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  test('gives as many as a sliding window has, at every moment, and tells when the next is free', async () => {
    let keys = 0;
    const property = async (max: number, drawn: readonly Step[]) => {
      const key = `LOGIN:${(keys += 1)}`;
      let time = 0;
      const expected = windowOf(max, () => time);
      for (const { seconds, count } of drawn) {
        time += seconds * 1000;
        await pool.query(
          `UPDATE rate_limits SET places = ARRAY(
             SELECT place - make_interval(secs => $2) FROM unnest(places) AS place) WHERE key = $1`,
          [key, seconds],
        );
        const places = await store.take(key, max, window, count);
        const { granted, freeInMilliseconds } = expected(count);
        expect(places.granted).toBe(granted);
        // The clock went on between the two, by what the machine was busy.
        expect(Math.abs(places.freeInMilliseconds - freeInMilliseconds)).toBeLessThan(3_000);
      }
    };
    const drawn = fc.asyncProperty(fc.integer({ min: 1, max: 8 }), steps, property);
    await fc.assert(drawn, { numRuns: 25 });
  });
});

/** Some time passes, and then one of three processes gets as many requests at once. */
interface Burst {
  readonly milliseconds: number;
  readonly process: number;
  readonly requests: number;
}

test('processes that lease places let at most the limit pass in a window, and what they had leased', async () => {
  const bursts = fc.array(
    fc.record({ milliseconds: fc.nat(20_000), process: fc.nat(2), requests: fc.nat(30) }),
    { minLength: 1, maxLength: 20 },
  );
  const property = async (max: number, drawn: readonly Burst[]) => {
    let time = 0;
    const now = () => time;
    const exact = windowOf(max, now);
    const store: RateLimitStore = { take: async (_key, _max, _window, count) => exact(count) };
    const processes = [0, 1, 2].map(() => leasing(store, now));
    const take = async (process: number) => {
      const places = await processes[process]?.take('key', max, window, 1);
      return places?.granted === 1;
    };
    const passed: number[] = [];
    for (const { milliseconds, process, requests } of drawn) {
      time += milliseconds;
      const outcomes = await Promise.all(Array.from({ length: requests }, () => take(process)));
      passed.push(...outcomes.filter(Boolean).map(() => time));
      // A place leased at the end of one window may be used at the beginning of the next.
      const leased = 3 * (Math.max(1, Math.floor(max / 50)) - 1);
      const inThisWindow = passed.filter((at) => at > time - window).length;
      expect(inThisWindow).toBeLessThanOrEqual(max + leased);
    }
    time += window;
    expect(await take(0)).toBe(true);
  };
  await fc.assert(fc.asyncProperty(fc.constantFrom(1, 5, 99, 100, 150), bursts, property));
});

describe('a client network', () => {
  const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
  const written = (parts: readonly number[]) => parts.map((part) => part.toString(16)).join(':');

  test('is the same for two addresses of IPv6 if and only if their first 64 bits are', () => {
    fc.assert(
      fc.property(groups, groups, fc.boolean(), (one, other, isSame) => {
        const second = isSame ? [...one.slice(0, 4), ...other.slice(4)] : other;
        const alike = written(one.slice(0, 4)) === written(second.slice(0, 4));
        expect(clientNetwork(written(one)) === clientNetwork(written(second))).toBe(alike);
      }),
    );
  });

  test('does not depend on how an address is written: in capitals, with zeros left out', () => {
    fc.assert(
      fc.property(groups, fc.nat(7), fc.integer({ min: 2, max: 8 }), (drawn, from, length) => {
        const zeroed = drawn.map((part, at) => (at >= from && at < from + length ? 0 : part));
        const short = `${written(zeroed.slice(0, from))}::${written(zeroed.slice(from + length))}`;
        const long = zeroed
          .map((part) => part.toString(16).padStart(4, '0').toUpperCase())
          .join(':');
        expect(clientNetwork(short)).toBe(clientNetwork(written(zeroed)));
        expect(clientNetwork(long)).toBe(clientNetwork(written(zeroed)));
      }),
    );
  });

  test('is an address of IPv4 itself, and never mistaken for one of IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), (four, six) => {
        expect(clientNetwork(four)).toBe(four);
        expect(clientNetwork(six)).toMatch(/::\/64$/);
      }),
    );
  });
});

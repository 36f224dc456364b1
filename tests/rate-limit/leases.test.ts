import { expect, test } from 'vitest';
import type { RateLimitStore } from '../../src/context.ts';
import { leasing } from '../../src/features/rate-limit/leases.ts';

const window = 60_000;

/** A store that keeps exact count, answers a moment later, and remembers what it was asked for. */
function countingStore() {
  const asked: number[] = [];
  const taken: number[] = [];
  let time = 0;
  let isDown = false;
  const store: RateLimitStore = {
    async take(_key, max, windowMilliseconds, count) {
      asked.push(count);
      const live = taken.filter((place) => place + windowMilliseconds > time);
      const granted = Math.max(0, Math.min(count, max - live.length));
      const oldest = live[0] ?? time;
      for (let place = 0; place < granted; place += 1) taken.push(time);
      await new Promise((resolve) => setImmediate(resolve));
      if (isDown) throw new Error('The store is down.');
      return { granted, freeInMilliseconds: oldest + windowMilliseconds - time };
    },
  };
  return {
    store,
    asked,
    now: () => time,
    pass: (milliseconds: number) => void (time += milliseconds),
    fail: (down: boolean) => void (isDown = down),
  };
}

async function grantedOf(store: RateLimitStore, max: number, count: number) {
  const places = await Promise.all(
    Array.from({ length: count }, () => store.take('key', max, window, 1)),
  );
  return places.filter(({ granted }) => granted === 1).length;
}

test.each([1, 5, 99, 100, 600, 1000])(
  'of more than %i simultaneous requests exactly so many pass',
  async (max) => {
    const { store, now } = countingStore();
    expect(await grantedOf(leasing(store, now), max, max + 200)).toBe(max);
  },
);

test('several processes together let no more than the limit pass, and lose at most their leases', async () => {
  const { store, now } = countingStore();
  const processes = [1, 2, 3].map(() => leasing(store, now));
  const passed = await Promise.all(processes.map((one) => grantedOf(one, 600, 400)));
  const sum = passed.reduce((one, other) => one + other, 0);
  expect(sum).toBeLessThanOrEqual(600);
  expect(sum).toBeGreaterThanOrEqual(600 - 3 * 12);
});

test('a leased place costs no question to the store', async () => {
  const { store, asked, now } = countingStore();
  const leased = leasing(store, now);
  for (let request = 0; request < 24; request += 1) await leased.take('key', 600, window, 1);
  expect(asked).toEqual([12, 12]);
});

test('a denial is remembered until the place is free, and then the store is asked again', async () => {
  const { store, asked, now, pass } = countingStore();
  const leased = leasing(store, now);
  expect(await grantedOf(leased, 5, 50)).toBe(5);
  const questions = asked.length;
  pass(20_000);
  expect(await leased.take('key', 5, window, 1)).toEqual({
    granted: 0,
    freeInMilliseconds: 40_000,
  });
  expect(asked).toHaveLength(questions);
  pass(40_000);
  expect(await grantedOf(leased, 5, 50)).toBe(5);
});

test('a lease ends with the window it was taken in', async () => {
  const { store, asked, now, pass } = countingStore();
  const leased = leasing(store, now);
  await leased.take('key', 600, window, 1);
  pass(window);
  await leased.take('key', 600, window, 1);
  expect(asked).toHaveLength(2);
});

test('keys have leases and denials of their own', async () => {
  const { store, asked, now } = countingStore();
  const leased = leasing(store, now);
  await leased.take('one', 600, window, 1);
  await leased.take('other', 600, window, 1);
  await leased.take('one', 600, window, 1);
  expect(asked).toHaveLength(2);
});

test('a store that is down fails everyone who waits on the one question, and is asked again', async () => {
  const { store, asked, now, fail } = countingStore();
  const leased = leasing(store, now);
  fail(true);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 100 }, () => leased.take('key', 600, window, 1)),
  );
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  expect(asked).toHaveLength(1);
  fail(false);
  expect(await grantedOf(leased, 600, 10)).toBe(10);
});

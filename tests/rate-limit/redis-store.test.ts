import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  connectRedisRateLimits,
  type RedisRateLimits,
} from '../../src/adapters/redis-rate-limits.ts';
import { redisKinds, type RedisServer, startRedisServer } from '../support/redis-server.ts';

const MINUTE = 60_000;
const silent = pino({ level: 'silent' });
const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function connectStore(url: string, log = silent): Promise<RedisRateLimits> {
  const store = await connectRedisRateLimits(url, log);
  cleanUps.push(() => store.close());
  return store;
}

/** How long until the attempt fails, in milliseconds. */
async function timeToFail(attempt: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await expect(attempt).rejects.toThrow();
  return performance.now() - started;
}

const patiently = { timeout: 8_000, interval: 50 };

describe.each(redisKinds)('the store in Redis (%s)', (kind) => {
  let server: RedisServer;
  let keys = 0;
  const newKey = () => `key-${(keys += 1)}`;
  beforeAll(async () => {
    server = await startRedisServer({ kind });
  });
  afterAll(() => server.stop());

  test('grants exactly the places there are, however many instances ask at once', async () => {
    const stores = await Promise.all([1, 2, 3].map(() => connectStore(server.url)));
    const key = newKey();
    const places = await Promise.all(
      Array.from({ length: 20 }, () => stores.map((store) => store.take(key, 5, MINUTE, 1))).flat(),
    );
    expect(places).toHaveLength(60);
    expect(places.filter(({ granted }) => granted === 1)).toHaveLength(5);
    expect(places.filter(({ granted }) => granted === 0)).toHaveLength(55);
  });

  test('says how long the oldest place stays taken, and an attempt denied adds nothing', async () => {
    const store = await connectStore(server.url);
    const key = newKey();
    expect(await store.take(key, 2, MINUTE, 1)).toEqual({
      granted: 1,
      freeInMilliseconds: MINUTE,
    });
    await sleep(30);
    const second = await store.take(key, 2, MINUTE, 1);
    expect(second.granted).toBe(1);
    expect(second.freeInMilliseconds).toBeLessThanOrEqual(MINUTE - 25);

    let wait = second.freeInMilliseconds;
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const denied = await store.take(key, 2, MINUTE, 1);
      expect(denied.granted).toBe(0);
      expect(denied.freeInMilliseconds).toBeLessThanOrEqual(wait);
      wait = denied.freeInMilliseconds;
    }
    expect(wait).toBeGreaterThan(MINUTE - 10_000);
  });

  test('slides: a place frees when its own time is up, knocked at or not', async () => {
    const store = await connectStore(server.url);
    const key = newKey();
    const window = 400;
    const started = performance.now();
    await store.take(key, 2, window, 1);
    await sleep(200);
    const second = await store.take(key, 2, window, 1);
    expect(second.granted).toBe(1);

    // Knocking all the while: the first place frees on time, and only the first.
    await expect.poll(() => grantedOf(store.take(key, 2, window, 1)), { interval: 5 }).toBe(1);
    const freedAfter = performance.now() - started;
    expect(freedAfter).toBeGreaterThanOrEqual(window - 5);
    const next = await store.take(key, 2, window, 1);
    expect(next.granted).toBe(0);
    expect(next.freeInMilliseconds).toBeLessThanOrEqual(window);
  });

  test('grants what is left of several places asked for', async () => {
    const store = await connectStore(server.url);
    const key = newKey();
    expect(await grantedOf(store.take(key, 5, MINUTE, 3))).toBe(3);
    expect(await grantedOf(store.take(key, 5, MINUTE, 3))).toBe(2);
    expect(await grantedOf(store.take(key, 5, MINUTE, 3))).toBe(0);
    // A higher limit shows that what was not granted took no place.
    expect(await grantedOf(store.take(key, 7, MINUTE, 3))).toBe(2);
  });

  test('keeps keys apart, and grants nothing when the limit was lowered below what is taken', async () => {
    const store = await connectStore(server.url);
    const [one, other] = [newKey(), newKey()];
    expect(await grantedOf(store.take(one, 4, MINUTE, 4))).toBe(4);
    expect(await grantedOf(store.take(other, 4, MINUTE, 1))).toBe(1);
    expect(await grantedOf(store.take(one, 2, MINUTE, 1))).toBe(0);
  });
});

describe.each(redisKinds)('an outage of Redis (%s)', (kind) => {
  test('makes takes throw at once, is told once, and ends by itself', async () => {
    const server = await startRedisServer({ kind });
    interface Line {
      level: number;
      msg: string;
    }
    const lines: Line[] = [];
    const log = pino(
      { level: 'info' },
      { write: (line) => void lines.push(JSON.parse(line) as Line) },
    );
    const store = await connectStore(server.url, log);
    expect(await grantedOf(store.take('key', 1, MINUTE, 1))).toBe(1);

    await server.stop();
    expect(await timeToFail(store.take('key', 1, MINUTE, 1))).toBeLessThan(2_000);
    await sleep(500);
    expect(await timeToFail(store.take('key', 1, MINUTE, 1))).toBeLessThan(100);

    const again = await startRedisServer({ kind, port: server.port });
    cleanUps.unshift(() => again.stop());
    await expect.poll(() => grantedOf(store.take('key', 1, MINUTE, 1)), patiently).toBe(1);
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      [40, 'Redis cannot be reached'],
      [30, 'Redis is back'],
    ]);
  });

  test('does not keep Gatehouse from starting', async () => {
    const server = await startRedisServer({ kind });
    await server.stop();
    const started = performance.now();
    const store = await connectStore(server.url);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await timeToFail(store.take('key', 1, MINUTE, 1))).toBeLessThan(100);

    const late = await startRedisServer({ kind, port: server.port });
    cleanUps.unshift(() => late.stop());
    await expect.poll(() => grantedOf(store.take('key', 1, MINUTE, 1)), patiently).toBe(1);
  });

  test('may be mere silence: the connection is given up and replaced', async () => {
    const server = await startRedisServer({ kind });
    cleanUps.push(() => server.stop());
    const line = await startLine(server.port);
    cleanUps.push(() => line.close());
    const store = await connectStore(`redis://127.0.0.1:${line.port}`);
    expect(await grantedOf(store.take('key', 2, MINUTE, 1))).toBe(1);

    line.freeze();
    const both = [store.take('key', 2, MINUTE, 1), store.take('key', 2, MINUTE, 1)];
    const waits = await Promise.all(both.map(timeToFail));
    expect(Math.max(...waits)).toBeLessThan(2_000);
    expect(await timeToFail(store.take('key', 2, MINUTE, 1))).toBeLessThan(100);

    line.thaw();
    await expect.poll(() => grantedOf(store.take('other', 1, MINUTE, 1)), patiently).toBe(1);
  });

  test('may be silence from the start', async () => {
    const server = await startRedisServer({ kind });
    cleanUps.push(() => server.stop());
    const line = await startLine(server.port);
    cleanUps.push(() => line.close());
    line.freeze();

    const started = performance.now();
    const store = await connectStore(`redis://127.0.0.1:${line.port}`);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await timeToFail(store.take('key', 1, MINUTE, 1))).toBeLessThan(100);

    line.thaw();
    await expect.poll(() => grantedOf(store.take('key', 1, MINUTE, 1)), patiently).toBe(1);
  });
});

/** What was granted, or null while Redis cannot be reached. */
async function grantedOf(take: ReturnType<RedisRateLimits['take']>): Promise<number | null> {
  try {
    return (await take).granted;
  } catch {
    return null;
  }
}

/** A line to a server that can fall silent: connections stay open, and nothing passes. */
async function startLine(target: number) {
  const ways = new Map<Socket, Socket>();
  let frozen = false;
  const line = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    ways.set(near, far).set(far, near);
    for (const end of [near, far]) {
      end.on('error', () => end.destroy());
      end.on('close', () => ways.get(end)?.destroy());
    }
    if (!frozen) near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(line, 'listening');
  return {
    port: (line.address() as AddressInfo).port,
    freeze() {
      frozen = true;
      for (const from of ways.keys()) from.unpipe().pause();
    },
    thaw() {
      frozen = false;
      for (const [from, to] of ways) from.pipe(to);
    },
    async close() {
      for (const end of ways.keys()) end.destroy();
      line.close();
      await once(line, 'close');
    },
  };
}

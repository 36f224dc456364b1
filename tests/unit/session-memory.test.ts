import { beforeEach, expect, test } from 'vitest';
import { BoundedSessionMemory } from '../../src/features/session/session-memory.ts';
import type { UserId } from '../../src/identifiers.ts';

const ear = { isConnected: true, isCurrent: () => isCurrent, catchUp: async () => undefined };
let isCurrent = true;
let memory: BoundedSessionMemory;
beforeEach(() => {
  isCurrent = true;
  ear.isConnected = true;
  memory = new BoundedSessionMemory(3, ear);
});

const userOf = (key: string) => `user of ${key}` as UserId;
const found = (key: string, milliseconds = 60_000) => ({
  key,
  userId: userOf(key),
  value: { key },
  milliseconds,
});
const remember = (...keys: readonly string[]) => {
  for (const key of keys) memory.begin()(found(key));
};
const known = () => ['a', 'b', 'c', 'd'].filter((key) => memory.recall(key) !== undefined);

test('remembers what was found, under its key', () => {
  remember('a', 'b');
  expect(memory.recall('a')).toEqual({ key: 'a' });
  expect(known()).toEqual(['a', 'b']);
});

test('has a bound, and forgets first what was not used for longest', () => {
  remember('a', 'b', 'c');
  memory.recall('a');
  remember('d');
  expect(known()).toEqual(['a', 'c', 'd']);
  expect(memory.figures().size).toBe(3);
});

test('forgets all sessions of a user, and nobody else’s', () => {
  remember('a', 'b');
  memory.begin()({ ...found('c'), userId: userOf('a') });
  memory.forget([userOf('a'), userOf('nobody')]);
  expect(known()).toEqual(['b']);
  memory.forgetAll();
  expect(known()).toEqual([]);
});

test('does not take what may have been read before a change', () => {
  const remembers = [memory.begin(), memory.begin()];
  memory.forget([userOf('somebody else')]);
  remembers[0]?.(found('a'));
  expect(known()).toEqual([]);
  memory.forgetAll();
  remembers[1]?.(found('b'));
  expect(known()).toEqual([]);
  remember('c');
  expect(known()).toEqual(['c']);
});

test('knows nothing while it may not have heard all, and takes nothing where it hears nothing', () => {
  remember('a');
  isCurrent = false;
  expect(known()).toEqual([]);
  isCurrent = true;
  expect(known()).toEqual(['a']);
  ear.isConnected = false;
  remember('b');
  expect(known()).toEqual(['a']);
});

test('knows nothing beyond its time, which counts from before it was read', async () => {
  const remembers = memory.begin();
  await new Promise((resolve) => setTimeout(resolve, 5));
  remembers(found('a', 4));
  memory.begin()(found('b', 0));
  memory.begin()(found('c', -1));
  expect(known()).toEqual([]);
});

test('counts what it did', () => {
  remember('a');
  memory.recall('a');
  memory.recall('b');
  memory.forget([userOf('a')]);
  expect(memory.figures()).toEqual({
    hits: 1,
    misses: 1,
    forgotten: 1,
    size: 0,
    isListening: true,
  });
});

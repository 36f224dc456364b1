import { expect, test } from 'vitest';
import { compare, isAlike } from '../timing/comparison.ts';

/** Times of a call on a machine that is busy with something else now and then, always the same. */
function times(seed: number, plus = 0): number[] {
  let state = seed;
  return Array.from({ length: 200 }, (_, round) => {
    state = (state * 48_271) % 2_147_483_647;
    const noise = state / 2_147_483_647;
    return 50 + plus + noise * 4 + (round % 20 === seed % 20 ? 300 : 0);
  });
}

test('calls that take the same time are alike, whatever else the machine does', () => {
  const comparison = compare(times(1), times(2));
  expect(isAlike(comparison)).toBe(true);
  expect(comparison.from).toBeLessThan(0);
  expect(comparison.to).toBeGreaterThan(0);
  expect(comparison.share).toBeGreaterThan(0.4);
  expect(comparison.share).toBeLessThan(0.6);
});

test('calls that take a tenth longer are told apart, in either direction', () => {
  for (const plus of [-5, 5]) {
    const comparison = compare(times(1), times(2, plus));
    expect(isAlike(comparison)).toBe(false);
    expect(Math.abs(comparison.difference - plus)).toBeLessThan(1);
    expect(Math.abs(comparison.share - 0.5)).toBeGreaterThan(0.4);
  }
});

test('calls that nobody could measure well enough are not said to be alike', () => {
  const wild = times(1).map((time, round) => (round % 2 === 0 ? time : time * 3));
  expect(isAlike(compare(wild, times(2)))).toBe(false);
});

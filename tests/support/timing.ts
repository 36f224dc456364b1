import { expect } from 'vitest';

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/**
 * That none of these calls can be told from the others by how long it takes. They are made in
 * turns, and each time another one first, so that other work on the machine, and what a call
 * leaves behind, slows all alike. The medians of 50 calls may differ by what a busy machine does.
 */
export async function expectSameTime(
  calls: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const kinds = Object.entries(calls);
  const times = new Map(kinds.map(([kind]) => [kind, [] as number[]]));
  const unmeasured = kinds.length; // until each was first once, and has prepared its statements
  for (let round = 0; round < unmeasured + 50; round += 1) {
    for (let turn = 0; turn < kinds.length; turn += 1) {
      const [kind, call] = kinds[(turn + round) % kinds.length] ?? [];
      const started = performance.now();
      await call?.();
      if (round >= unmeasured) times.get(kind ?? '')?.push(performance.now() - started);
    }
  }
  const medians = [...times].map(([kind, measured]) => [kind, median(measured)] as const);
  const [, first = NaN] = medians[0] ?? [];
  for (const [kind, time] of medians) {
    expect(time / first, kind).toBeGreaterThan(0.6);
    expect(time / first, kind).toBeLessThan(1.6);
  }
}

import { expect } from 'vitest';

type Calls = Readonly<Record<string, () => Promise<unknown>>>;

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/**
 * That none of these calls can be told from the others by how long it takes. They are made in
 * turns, and each time another one first, so that other work on the machine, and what a call
 * leaves behind, slows all alike. The medians of 50 calls may differ by what a busy machine does;
 * where they differ by more it is measured again, twice at most: what an attacker could use would
 * show every time.
 */
export async function expectSameTime(calls: Calls): Promise<void> {
  let ratios: Record<string, number> = {};
  for (let attempt = 0; attempt < 3; attempt += 1) {
    ratios = await measure(calls);
    if (Object.values(ratios).every((ratio) => ratio > 0.6 && ratio < 1.6)) return;
  }
  expect.fail(`The times differ: ${JSON.stringify(ratios)}`);
}

/** The median time of each kind of call, as a part of that of the first. */
async function measure(calls: Calls): Promise<Record<string, number>> {
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
  return Object.fromEntries(medians.map(([kind, time]) => [kind, time / first]));
}

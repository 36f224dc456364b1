/** What two kinds of calls differ by, the first of each, the second, and so on. In milliseconds. */
export interface Comparison {
  readonly rounds: number;
  /** The median time of the one, and the median of what the other took longer. */
  readonly median: number;
  readonly difference: number;
  /** Where the true median difference is with a confidence of 99 %. */
  readonly from: number;
  readonly to: number;
  /** How often a call of the other is longer than one of the first: 0.5 tells nothing. */
  readonly share: number;
}

/**
 * Compares the times of two kinds of calls, of which those with one number were made at about the
 * same time. What a machine is busy with meanwhile, slow rounds and outliers do not count: only the order of the differences is looked
 * at. The interval is that of the sign test, which is right whatever times are distributed like.
 */
export function compare(one: readonly number[], other: readonly number[]): Comparison {
  const rounds = one.length;
  const differences = inOrder(one.map((time, round) => (other[round] ?? NaN) - time));
  // 2.576 standard deviations of a fair coin thrown once a round.
  const reach = Math.ceil((2.576 * Math.sqrt(rounds)) / 2);
  const at = (place: number) =>
    differences[Math.min(rounds - 1, Math.max(0, Math.round(place)))] ?? NaN;
  return {
    rounds,
    median: inOrder(one)[Math.floor(rounds / 2)] ?? NaN,
    difference: at((rounds - 1) / 2),
    from: at((rounds - 1) / 2 - reach),
    to: at((rounds - 1) / 2 + reach),
    share: shareOfLonger(one, other),
  };
}

/**
 * Whether the difference is shown to be less than a millisecond or a twentieth of the time: less than
 * what the same call differs by from one time to the next, without any network.
 */
export function isAlike({ median, from, to }: Comparison): boolean {
  return Math.max(Math.abs(from), Math.abs(to)) < Math.max(1, median / 20);
}

/** Mann and Whitney's U as a share of all pairs. */
function shareOfLonger(one: readonly number[], other: readonly number[]): number {
  const longer = other.map((time) => one.filter((first) => time > first).length);
  return longer.reduce((sum, count) => sum + count, 0) / (one.length * other.length);
}

function inOrder(numbers: readonly number[]): number[] {
  return numbers.toSorted((one, other) => one - other);
}

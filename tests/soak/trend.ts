/** One look at a running server. */
export interface Sample {
  readonly seconds: number;
  readonly values: Readonly<Record<string, number>>;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/**
 * How much a value grows in an hour: the median of the slopes between all pairs of samples (Theil
 * and Sen), which some wild ones, such as before and after a collection of garbage, do not sway.
 */
export function growthPerHour(samples: readonly Sample[], name: string): number {
  const slopes: number[] = [];
  for (const [index, earlier] of samples.entries()) {
    for (const later of samples.slice(index + 1)) {
      const seconds = later.seconds - earlier.seconds;
      const difference = (later.values[name] ?? 0) - (earlier.values[name] ?? 0);
      if (seconds > 0) slopes.push((difference / seconds) * 3600);
    }
  }
  return median(slopes);
}

export interface Trend {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly highest: number;
  /** What it grew by over the samples, by the slope. */
  readonly growth: number;
  readonly allowed: number;
}

/** Of samples in the order they were taken; `allowed` is what each value may grow by over them. */
export function trendsOf(
  samples: readonly Sample[],
  allowed: Readonly<Record<string, number>>,
): Trend[] {
  const hours = ((samples.at(-1)?.seconds ?? 0) - (samples[0]?.seconds ?? 0)) / 3600;
  return Object.entries(allowed).map(([name, limit]) => {
    const values = samples.map((sample) => sample.values[name] ?? 0);
    return {
      name,
      first: values[0] ?? 0,
      last: values.at(-1) ?? 0,
      highest: Math.max(...values),
      growth: growthPerHour(samples, name) * hours,
      allowed: limit,
    };
  });
}

import type { Bench } from '../support/bench.ts';
import { createDataDirectory, removeDataDirectory } from '../support/database.ts';
import { startGatehouse } from '../support/gatehouse.ts';
import { seconds, type Row } from '../support/report.ts';
import { median } from '../support/statistics.ts';

/**
 * Scenario 13: from the start of the process to its first answer, the embedded PostgreSQL
 * included. Expects that nothing else uses the folder of the bench's data any more.
 */
export async function measureStart(bench: Bench): Promise<Row[]> {
  const rounds = bench.quick ? 3 : 5;
  const existing: number[] = [];
  const first: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    existing.push(await timeToStart(bench.dataDir));
    const empty = await createDataDirectory();
    try {
      first.push(await timeToStart(empty));
    } finally {
      await removeDataDirectory(empty);
    }
  }
  return [
    row('start to first answer, existing data', existing, 3_000),
    row('start to first answer, first start ever', first, 8_000),
  ];
}

async function timeToStart(dataDir: string): Promise<number> {
  const gatehouse = await startGatehouse({ DATA_DIR: dataDir });
  await gatehouse.stop();
  return gatehouse.startedIn;
}

function row(scenario: string, times: readonly number[], limit: number): Row {
  return {
    number: '13',
    scenario,
    ours: `${seconds(median(times))} (at most ${seconds(Math.max(...times))})`,
    baseline: '–',
    reach: `≤ ${limit / 1000} s`,
    met: median(times) <= limit,
    rounds: times.length,
  };
}

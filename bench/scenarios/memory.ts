import { setTimeout as sleep } from 'node:timers/promises';
import { stopping, type Bench } from '../support/bench.ts';
import { startGatehouse } from '../support/gatehouse.ts';
import { okOf, startLoadGenerator } from '../support/load.ts';
import { asCallers, me } from '../support/operations.ts';
import { megabytes, type Row } from '../support/report.ts';
import { median, ratioOf } from '../support/statistics.ts';

const startLimitBytes = 180e6;

/** Scenario 12: memory after the start, and whether it grows with the requests answered. */
export async function measureMemory(bench: Bench): Promise<Row[]> {
  const rounds = bench.quick ? 1 : 3;
  const [some, many] = bench.quick ? [2_000, 20_000] : [20_000, 200_000];
  const measured: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push(await measureOnce(bench, some, many));
  }
  const started = measured.map(({ afterStart }) => afterStart);
  const before = measured.map(({ afterSome }) => afterSome);
  const after = measured.map(({ afterMany }) => afterMany);
  const ratio = ratioOf(after, before);
  return [
    {
      number: '12',
      scenario: 'memory (RSS) after the start',
      ours: megabytes(median(started)),
      baseline: '–',
      reach: '≤ 180 MB',
      met: median(started) <= startLimitBytes,
      rounds,
    },
    {
      number: '12',
      scenario: `memory (RSS) after ${many.toLocaleString('en')} requests`,
      ours: megabytes(median(after)),
      baseline: `${megabytes(median(before))} after ${some.toLocaleString('en')}`,
      ratio,
      reach: '≤ 1.1',
      met: ratio.median <= 1.1,
      rounds,
    },
  ];
}

interface Measured {
  readonly afterStart: number;
  readonly afterSome: number;
  readonly afterMany: number;
}

function measureOnce(bench: Bench, some: number, many: number): Promise<Measured> {
  return stopping(async (stopLater) => {
    const gatehouse = stopLater(await startGatehouse({ DATABASE_URL: bench.databaseUrl }));
    const generator = stopLater(startLoadGenerator());
    const calls = asCallers(bench.people.sessionTokens);
    const after = async (requests: number) => {
      const job = { url: gatehouse.url, connections: 32, calls, ...me };
      if (requests > 0) okOf(await generator.run({ ...job, requests }));
      await sleep(1_000); // V8 collects what is left over
      return gatehouse.memory();
    };
    return {
      afterStart: await after(0),
      afterSome: await after(some),
      afterMany: await after(many - some),
    };
  });
}

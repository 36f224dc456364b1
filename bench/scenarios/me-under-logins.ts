import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopping, type Bench } from '../support/bench.ts';
import { startGatehouse } from '../support/gatehouse.ts';
import type { LoadResult } from '../support/load-job.ts';
import { okOf, startLoadGenerator, type LoadGenerator } from '../support/load.ts';
import { asCallers, asCredentials, login, me } from '../support/operations.ts';
import { milliseconds, type Row } from '../support/report.ts';
import { median, ratioOf } from '../support/statistics.ts';

/** A steady pace that leaves the server idle most of the time. */
const meRate = 200;
/** Passwords that wait for each hashing thread before the server answers `SERVER_BUSY`. */
const queuePerThread = 64;

/** Scenario 4: how long `me` takes while every hashing thread is busy, and the full queue. */
export function measureMeUnderLogins(bench: Bench): Promise<Row[]> {
  return stopping(async (stopLater) => {
    const environment = { DATABASE_URL: bench.databaseUrl, BCRYPT_COST: '10' };
    const { url } = stopLater(await startGatehouse(environment));
    const readers = stopLater(startLoadGenerator());
    const signers = stopLater(startLoadGenerator());
    const read = async (seconds: number) => {
      const calls = asCallers(bench.people.sessionTokens);
      const job = { url, connections: 32, calls, seconds, rate: meRate, ...me };
      return okOf(await readers.run(job)).p99;
    };

    const { rounds, seconds } = bench.quick
      ? { rounds: 3, seconds: 2.5 }
      : { rounds: 5, seconds: 15 };
    await read(2); // warms up
    const idle: number[] = [];
    const saturated: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      idle.push(await read(seconds));
      const signing = signers.run({
        url,
        connections: 16 * availableParallelism(),
        calls: asCredentials(bench.people.accounts[10]),
        seconds: seconds + 1,
        ...login,
      });
      await sleep(500); // until the queue has filled
      saturated.push(await read(seconds));
      okOf(await signing);
    }
    const ratio = ratioOf(saturated, idle);
    const row: Row = {
      number: '4',
      scenario: `\`me\` p99 at ${meRate} /s while logins keep every hashing thread busy`,
      ours: milliseconds(median(saturated)),
      baseline: `${milliseconds(median(idle))} idle`,
      ratio,
      reach: '≤ 3',
      met: ratio.median <= 3,
      rounds,
    };
    return [row, await measureFullQueue(bench, url, signers)];
  });
}

/** More logins at once than the queue takes: the rest is told so at once, and none is lost. */
async function measureFullQueue(bench: Bench, url: string, signers: LoadGenerator): Promise<Row> {
  const places = (queuePerThread + 1) * availableParallelism();
  const tooMany = 100;
  const result: LoadResult = await signers.run({
    url,
    connections: places + tooMany,
    requests: places + tooMany,
    calls: asCredentials(bench.people.accounts[10]),
    ...login,
  });
  const { ok, SERVER_BUSY: busy, ...others } = result.outcomes;
  const answered = (ok?.count ?? 0) + (busy?.count ?? 0);
  const nothingElse = Object.keys(others).length === 0 && answered === places + tooMany;
  return {
    number: '4',
    scenario: `${places + tooMany} logins at once: \`SERVER_BUSY\` instead of a longer queue`,
    ours: `${busy?.count ?? 0} busy, p50 ${milliseconds(busy?.p50 ?? NaN)}, max ${milliseconds(busy?.max ?? NaN)}`,
    baseline: `${ok?.count ?? 0} signed in, p50 ${milliseconds(ok?.p50 ?? NaN)}`,
    reach: 'at once: < 1 s',
    met: nothingElse && (busy?.count ?? 0) > 0 && (busy?.max ?? NaN) < 1000,
    rounds: 1,
  };
}

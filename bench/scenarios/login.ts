import { availableParallelism } from 'node:os';
import { fastestBcrypt, hashTimes } from '../support/bcrypts.ts';
import { stopping, type Bench } from '../support/bench.ts';
import { startGatehouse } from '../support/gatehouse.ts';
import { okOf, startLoadGenerator } from '../support/load.ts';
import { asCredentials, login } from '../support/operations.ts';
import { costs, type Cost } from '../support/people.ts';
import { perSecond, type Row } from '../support/report.ts';
import { median, ratioOf } from '../support/statistics.ts';

/** Scenario 3: signing in, against hashing alone on every core. */
export async function measureLogin(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const cost of costs) rows.push(await measureAtCost(bench, cost));
  return rows;
}

function measureAtCost(bench: Bench, cost: Cost): Promise<Row> {
  return stopping(async (stopLater) => {
    const environment = { DATABASE_URL: bench.databaseUrl, BCRYPT_COST: String(cost) };
    const { url } = stopLater(await startGatehouse(environment));
    const generator = stopLater(startLoadGenerator());
    const bcrypt = await fastestBcrypt();
    const calls = asCredentials(bench.people.accounts[cost]);
    const throughput = async (seconds: number) => {
      // Four waiting for each thread: none is ever idle, and none of them long after the end.
      const connections = 4 * availableParallelism();
      const result = await generator.run({ url, connections, calls, seconds, ...login });
      okOf(result);
      return result.perSecond;
    };

    const { rounds, seconds } = bench.quick
      ? { rounds: 3, seconds: 3 }
      : { rounds: 5, seconds: 15 };
    await throughput(1); // warms up
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(availableParallelism() / (median(hashTimes(bcrypt, cost, 5)) / 1000));
      ours.push(await throughput(seconds));
    }
    const ratio = ratioOf(ours, theirs);
    return {
      number: '3',
      scenario: `\`login\`, cost ${cost} (cores ÷ one hash by ${bcrypt.name})`,
      ours: perSecond(median(ours)),
      baseline: perSecond(median(theirs)),
      ratio,
      reach: '≥ 0.9',
      met: ratio.median >= 0.9,
      rounds,
    };
  });
}

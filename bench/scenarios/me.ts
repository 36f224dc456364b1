import { fork } from 'node:child_process';
import { once } from 'node:events';
import { stopping, type Bench } from '../support/bench.ts';
import { startGatehouse } from '../support/gatehouse.ts';
import { okOf, startLoadGenerator } from '../support/load.ts';
import { asCallers, me } from '../support/operations.ts';
import { perSecond, type Row } from '../support/report.ts';
import { median, ratioOf } from '../support/statistics.ts';

const connections = 32;
const poolSize = 20;

/** Scenario 1: `me` with a bearer session, against a bare server that answers the same. */
export function measureMe(bench: Bench): Promise<Row[]> {
  return stopping(async (stopLater) => {
    const gatehouse = stopLater(
      await startGatehouse({
        DATABASE_URL: bench.databaseUrl,
        DATABASE_POOL_SIZE: String(poolSize),
      }),
    );
    const baseline = stopLater(await startBaseline(bench.databaseUrl));
    const generator = stopLater(startLoadGenerator());
    const throughput = async (url: string, seconds: number) => {
      const calls = asCallers(bench.people.sessionTokens);
      const result = await generator.run({ url, connections, calls, seconds, ...me });
      okOf(result);
      return result.perSecond;
    };

    const { rounds, seconds } = bench.quick
      ? { rounds: 5, seconds: 1.5 }
      : { rounds: 9, seconds: 5 };
    for (const { url } of [gatehouse, baseline]) await throughput(url, 3); // warms up
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await throughput(gatehouse.url, seconds));
      theirs.push(await throughput(baseline.url, seconds));
    }
    const ratio = ratioOf(ours, theirs);
    return [
      {
        number: '1',
        scenario: '`me`, 32 connections, 1 process, no session cache',
        ours: perSecond(median(ours)),
        baseline: perSecond(median(theirs)),
        ratio,
        reach: '≥ 0.6',
        met: ratio.median >= 0.6,
        rounds,
      },
    ];
  });
}

async function startBaseline(databaseUrl: string) {
  const module = new URL('../baseline-me.ts', import.meta.url);
  const child = fork(module, [databaseUrl, String(poolSize)]);
  const exited = once(child, 'exit');
  const url = await Promise.race([
    once(child, 'message').then(([message]) => String(message)),
    exited.then(() => Promise.reject(new Error('The baseline did not start.'))),
  ]);
  return {
    url,
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

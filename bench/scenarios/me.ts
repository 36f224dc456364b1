import { stopping, type Bench } from '../support/bench.ts';
import { startChild } from '../support/children.ts';
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
    const start = async (settings: Readonly<Record<string, string>>) => {
      const { databaseUrl: DATABASE_URL } = bench;
      const DATABASE_POOL_SIZE = String(poolSize);
      return stopLater(await startGatehouse({ DATABASE_URL, DATABASE_POOL_SIZE, ...settings }));
    };
    const servers = [
      await start({}),
      await start({ SESSION_CACHE_SIZE: '0' }),
      stopLater(await startProgram(bench, 'baseline-me.ts', [bench.databaseUrl, String(poolSize)])),
      stopLater(await startProgram(bench, 'peers/apollo.mjs', [])),
    ];
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
    for (const { url } of servers) await throughput(url, 3); // warms up
    const [remembering, reading, bare, apollo]: [number[], number[], number[], number[]] = [
      [],
      [],
      [],
      [],
    ];
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, results] of [remembering, reading, bare, apollo].entries()) {
        results.push(await throughput(servers[index]?.url ?? '', seconds));
      }
    }
    const row = (
      scenario: string,
      ours: readonly number[],
      theirs: readonly number[],
      least?: number,
    ): Row => {
      const ratio = ratioOf(ours, theirs);
      return {
        number: '1',
        scenario,
        ours: perSecond(median(ours)),
        baseline: perSecond(median(theirs)),
        ratio,
        reach: least === undefined ? '–' : `≥ ${least}`,
        met: least === undefined ? undefined : ratio.median >= least,
        rounds,
      };
    };
    const asked = '`me`, 32 connections, 1 process';
    return [
      row(`${asked}, sessions remembered`, remembering, bare, 1),
      row(`${asked}, no session cache`, reading, bare, 0.6),
      row(`${asked}, against Apollo on Fastify with a constant`, remembering, apollo),
      row('what Apollo on Fastify leaves: a constant, against the baseline', apollo, bare),
    ];
  });
}

async function startProgram({ dataDir }: Bench, name: string, args: readonly string[]) {
  const child = await startChild<string>(new URL(`../${name}`, import.meta.url), args, dataDir);
  return { url: child.message, stop: () => child.stop() };
}

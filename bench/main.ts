/** `npm run bench`: every scenario against its baseline, one table, and `bench/results.md`. */
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measureBulkUpdate } from './scenarios/bulk-update.ts';
import { measureImport } from './scenarios/import.ts';
import { measureAvatar } from './scenarios/avatar.ts';
import { measureLogin } from './scenarios/login.ts';
import { measureMeUnderLogins } from './scenarios/me-under-logins.ts';
import { measureMe } from './scenarios/me.ts';
import { measureMemory } from './scenarios/memory.ts';
import { measurePeers } from './scenarios/peers.ts';
import { measureSearchUsers } from './scenarios/search-users.ts';
import { measureSessionLookUp } from './scenarios/session-look-up.ts';
import { measureStart } from './scenarios/start.ts';
import { measureUsersConnection } from './scenarios/users-connection.ts';
import { measureUsersPage } from './scenarios/users-page.ts';
import { stopping, type Bench, type Scenario } from './support/bench.ts';
import { createDataDirectory, removeDataDirectory, startDatabase } from './support/database.ts';
import { buildGatehouse, startGatehouse } from './support/gatehouse.ts';
import { createPeople } from './support/people.ts';
import { describe, table, writeResults, type Row, type Run } from './support/report.ts';

const resultsFile = path.join(import.meta.dirname, 'results.md');

/** By their numbers; the last ones start PostgreSQL themselves, on the data of the others. */
const onRunningDatabase: Readonly<Record<string, Scenario>> = {
  1: measureMe,
  2: measurePeers,
  3: measureLogin,
  4: measureMeUnderLogins,
  8: measureBulkUpdate,
  5: measureUsersPage,
  6: measureUsersConnection,
  7: measureSearchUsers,
  9: measureImport,
  10: measureAvatar,
  11: measureSessionLookUp,
  12: measureMemory,
};
const onStoppedDatabase: Readonly<Record<string, Scenario>> = { 13: measureStart };

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    users: { type: 'string' },
  },
});
const chosen = options.only?.split(',');

async function runAll(scenarios: Readonly<Record<string, Scenario>>, bench: Bench) {
  const rows: Row[] = [];
  for (const [number, scenario] of Object.entries(scenarios)) {
    if (chosen && !chosen.includes(number)) continue;
    rows.push(...(await timed(`Scenario ${number}`, () => scenario(bench))));
  }
  return rows;
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return result;
}

async function measure(dataDir: string): Promise<{ run: Run; rows: Row[] }> {
  const startedAt = new Date();
  const load = loadavg();
  const quick = options.quick;
  const count = Number(options.users ?? (quick ? 100_000 : 1_000_000));
  const first = await stopping(async (stopLater) => {
    const { url, version } = stopLater(await startDatabase(dataDir));
    await (await startGatehouse({ DATABASE_URL: url })).stop(); // migrates
    const people = await timed(`${count} users`, () => createPeople(url, count));
    const bench: Bench = { quick, databaseUrl: url, dataDir, people };
    return { bench, version, rows: await runAll(onRunningDatabase, bench) };
  });
  const rows = [...first.rows, ...(await runAll(onStoppedDatabase, first.bench))];
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  const mode = quick ? 'quick' : 'full';
  const postgresVersion = first.version;
  return { run: { startedAt, seconds, mode, users: count, postgresVersion, load }, rows };
}

buildGatehouse();
const dataDir = await createDataDirectory();
try {
  const { run, rows } = await measure(dataDir);
  console.log(`\n${describe(run)}\n\n${table(rows)}`);
  if (chosen === undefined) writeResults(resultsFile, run, rows);
} finally {
  await removeDataDirectory(dataDir);
}

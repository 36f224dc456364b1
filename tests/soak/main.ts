import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { Load } from '../faults/load.ts';
import { brokenInvariants } from '../faults/invariants.ts';
import { SoakClient } from './client.ts';
import { startSoakServer, type SoakServer } from './server.ts';
import { trendsOf, type Sample, type Trend } from './trend.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    /** Milliseconds that each of four writers waits after a write. */
    pause: { type: 'string', default: '200' },
  },
});
const seconds = Number(options.minutes) * 60;
const pauseMilliseconds = Number(options.pause);
if (!(seconds >= 20) || !(pauseMilliseconds >= 0)) {
  throw new Error('Usage: npm run soak -- [--minutes 30] [--pause 200]');
}

const writers = 4;
// Code is compiled, pools and caches fill, and the heap finds its size.
const warmUpSeconds = Math.min(300, seconds / 3);
const sampleSeconds = Math.max(0.5, (seconds - warmUpSeconds) / 300);

// A leak of a kilobyte a request would be 50 MB in half an hour. In a minute memory only shows the
// coarsest ones, for then the heap has not found its size yet.
const isLong = seconds >= 300;
const allowed = {
  'resident MB': isLong ? 25 : 60,
  'heap MB': isLong ? 15 : 40,
  'external MB': isLong ? 5 : 10,
  'active resources': isLong ? 5 : 12,
  'open files': 5,
  connections: 3,
};

async function observe(server: SoakServer): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startedAt = performance.now();
  for (;;) {
    const elapsed = (performance.now() - startedAt) / 1000;
    if (elapsed > seconds) return samples;
    if (elapsed > warmUpSeconds) samples.push({ seconds: elapsed, values: await server.look() });
    await pause(sampleSeconds * 1000);
  }
}

function print(trends: readonly Trend[], load: Load): void {
  const rows = trends.map(({ name, ...figures }) => {
    const rounded = Object.entries(figures).map(([key, value]) => [key, value.toFixed(1)]);
    return [name, Object.fromEntries(rounded) as Record<string, string>];
  });
  console.table(Object.fromEntries(rows));
  console.log(
    `${load.acknowledged} writes in ${seconds} s, the slowest ${Math.round(load.slowestMilliseconds)} ms; ` +
      `measured after ${Math.round(warmUpSeconds)} s`,
  );
}

const server = await startSoakServer();
const load = new Load(new SoakClient(server.url), pauseMilliseconds);
const faults: string[] = [];
try {
  await load.start(writers);
  const trends = trendsOf(await observe(server), allowed);
  await load.stop();
  print(trends, load);
  for (const { name, growth, allowed: limit } of trends) {
    if (growth > limit) faults.push(`${name} grew by ${growth.toFixed(1)}; allowed: ${limit}`);
  }
  const lost = await load.lostFacts(server);
  if (lost.length > 0) faults.push(`acknowledged and lost: ${lost.join(', ')}`);
  if (load.failures.size > 0) faults.push(`failures: ${JSON.stringify([...load.failures])}`);
  if (load.refusals.length > 0) faults.push(`refusals: ${load.refusals.join(', ')}`);
  const broken = await brokenInvariants(server);
  if (Object.keys(broken).length > 0) faults.push(JSON.stringify(broken));
} finally {
  await load.stop();
  await server.stop();
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createDataSource } from '../../src/database/data-source.ts';
import { sweepRateLimits } from '../../src/features/rate-limit/rate-limit.store.ts';
import type { TestServer } from '../support/server.ts';
import { attempt, startLimited, times } from './limited-servers.ts';

const email = 'somebody.secret@example.com';

async function metricsOf(server: TestServer): Promise<string> {
  return (await fetch(`${server.url}/metrics`)).text();
}

test('a violation is logged and counted under its limit', async () => {
  const { server } = await startLimited('PostgreSQL', { LOG_LEVEL: 'info' });
  await times(8, () => attempt(server.client, email));
  const lines = server.logged.filter((line) => line.includes('rate limit reached'));
  expect(lines).toHaveLength(3);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: pino.levels.values.warn,
    limit: 'LOGIN',
  });
  expect(await metricsOf(server)).toMatch(/^gatehouse_rate_limited_total\{limit="LOGIN"\} 3$/m);
});

test('no address stands readable in the log, the metrics or the store', async () => {
  const { server, database } = await startLimited('PostgreSQL', { RATE_LIMIT_REQUESTS: '9/60s' });
  await times(12, () => attempt(server.client, email));
  const rows = await database.query<{ key: string }>('SELECT key FROM rate_limits');
  expect(rows.length).toBeGreaterThan(2);
  const everything = [await metricsOf(server), ...server.logged, JSON.stringify(rows)].join('\n');
  expect(everything).not.toContain('somebody');
  expect(JSON.stringify(rows)).not.toContain('127.0.0.1');
});

test('counters whose window has passed are swept, and no others', async () => {
  const { server, database } = await startLimited('PostgreSQL');
  await times(3, () => attempt(server.client, email));
  const [before] = await database.query<{ count: number }>('SELECT count(*)::int FROM rate_limits');
  await database.query(
    "UPDATE rate_limits SET expires_at = now() - interval '1 s' WHERE key LIKE 'LOGIN:%'",
  );
  const dataSource = await createDataSource(database.url, 2).initialize();
  onTestFinished(() => dataSource.destroy());
  expect(await sweepRateLimits(dataSource)).toBe(1);
  const rest = await database.query<{ key: string }>('SELECT key FROM rate_limits');
  expect(rest).toHaveLength((before?.count ?? 0) - 1);
  expect(rest.filter(({ key }) => key.startsWith('LOGIN:'))).toEqual([]);
});

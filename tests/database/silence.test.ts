import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { endSilentConnections } from '../../src/database/silence.ts';
import { createTestDatabase } from '../support/database.ts';
import { startLine } from '../support/line.ts';

const patienceMilliseconds = 500;

async function openWatchedPool() {
  const database = await createTestDatabase({ empty: true });
  const url = new URL(database.url);
  const line = await startLine(Number(url.port));
  url.host = `127.0.0.1:${line.port}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 1 });
  pool.on('error', () => undefined);
  endSilentConnections(pool, patienceMilliseconds);
  onTestFinished(async () => {
    await line.close();
    await pool.end();
    await database.drop();
  });
  const backend = async () => {
    const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return rows[0]?.pid;
  };
  return { line, pool, backend };
}

test('a statement that a silent server does not answer fails, and the next has a new connection', async () => {
  const { line, backend } = await openWatchedPool();
  const first = await backend();
  line.fallSilent();
  await expect(backend()).rejects.toThrow('Connection terminated: no answer for 500 ms');
  line.speak();
  expect(await backend()).not.toBe(first);
});

test('a transaction that falls silent fails at every statement, and does not stay open', async () => {
  const { line, pool } = await openWatchedPool();
  const client = await pool.connect();
  client.on('error', () => undefined);
  await client.query('BEGIN');
  line.fallSilent();
  await expect(client.query('SELECT 1')).rejects.toThrow('Connection terminated');
  await expect(client.query('ROLLBACK')).rejects.toThrow('not queryable');
  client.release();
  line.speak();
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('a connection that nothing is asked of stays, however long it is silent', async () => {
  const { line, backend } = await openWatchedPool();
  const first = await backend();
  line.fallSilent();
  await new Promise((resolve) => setTimeout(resolve, patienceMilliseconds + 200));
  line.speak();
  expect(await backend()).toBe(first);
});

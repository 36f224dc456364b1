import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startWorkers } from '../../src/adapters/graphile-worker.ts';
import { poll } from '../support/mailbox.ts';
import { startTestServer } from '../support/server.ts';

/** A wire to a database that keeps one statement to itself, and all that follows on its connection. */
async function wireWithout(statement: string, databaseUrl: string) {
  const { hostname, port } = new URL(databaseUrl);
  const kept: Socket[] = [];
  const wire = createServer((client) => {
    const database = connect(Number(port), hostname);
    client.on('error', () => undefined).on('close', () => database.destroy());
    database.on('error', () => undefined).on('close', () => client.destroy());
    database.on('data', (data) => void client.write(data));
    client.on('data', (data) => {
      if (data.includes(statement)) kept.push(client);
      if (!kept.includes(client)) database.write(data);
    });
  });
  await new Promise<void>((resolve) => void wire.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void wire.close());
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(wire.address() as AddressInfo).port}`;
  return {
    url: url.href,
    whenKept: () =>
      poll(10_000, 'it was not sent', async () => (kept.length > 0 ? true : undefined)),
    cut: () => kept.forEach((client) => client.destroy()),
  };
}

/** The library does so once more, within a quarter of a second. */
const lookForTheConnectionAgain = () => new Promise((resolve) => setTimeout(resolve, 400));

test('workers who lose the connection that listens while they stop harm nobody', async () => {
  const server = await startTestServer({ RUN_JOBS: 'false' });
  onTestFinished(() => server.stop());
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note).on('uncaughtException', note);
  onTestFinished(() => {
    process.off('unhandledRejection', note).off('uncaughtException', note);
  });

  const wire = await wireWithout('LISTEN "jobs:insert"', server.database.url);
  const pool = new pg.Pool({ connectionString: wire.url });
  const stop = startWorkers(
    pool,
    { nothing: async () => undefined },
    { atOnce: 1 },
    pino({ level: 'silent' }),
  );
  await wire.whenKept();
  const stopped = stop();
  await new Promise((resolve) => setImmediate(resolve)); // it is being told not to listen any more
  wire.cut();
  await stopped;
  await pool.end();
  await lookForTheConnectionAgain();
  expect(unhandled).toEqual([]);
});

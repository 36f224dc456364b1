import { expect, onTestFinished } from 'vitest';
import { startSmtpDouble, type SmtpDouble } from '../mail/smtp-double.ts';
import { connectTo, type TestDatabase } from '../support/database.ts';
import { poll } from '../support/mailbox.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { brokenInvariants } from './invariants.ts';
import { Load } from './load.ts';
import type { Victim } from './postgres.ts';

export interface LoadedServer {
  readonly server: TestServer;
  readonly smtp: SmtpDouble;
  readonly load: Load;
  readonly database: TestDatabase;
}

let databases = 0;

/** Everything that a fault could leave behind is remembered, mailed and written here. */
export const environment = {
  REQUIRE_CONFIRMED_EMAIL: 'false',
  SESSION_CACHE_SIZE: '1000',
  DATABASE_POOL_SIZE: '10',
};

/** A server on a database of its own at the victim, with so many writers, gone after the test. */
export async function startLoaded(victim: Victim, writers: number): Promise<LoadedServer> {
  const database = await createDatabase(victim);
  const smtp = await startSmtpDouble();
  const server = await startTestServer({ ...environment, SMTP_URL: smtp.url }, database);
  const load = new Load(server.client);
  onTestFinished(async () => {
    await load.stop();
    await server.stop();
    await database.drop();
  });
  await load.start(writers);
  if (writers > 0) await load.acknowledges(20);
  return { server, smtp, load, database };
}

async function createDatabase(victim: Victim): Promise<TestDatabase> {
  databases += 1;
  const name = `loaded_${databases}`;
  await victim.database.query(`CREATE DATABASE ${name}`);
  const url = new URL(victim.database.url);
  url.pathname = `/${name}`;
  return connectTo(url.href);
}

/** Milliseconds that an answer took, and its status. */
export async function ask(server: { readonly url: string }, path: string) {
  const startedAt = performance.now();
  const { status } = await fetch(`${server.url}${path}`);
  return { status, milliseconds: performance.now() - startedAt };
}

/** While it cannot reach its database a server lives, says that it is not ready, and in time. */
export async function expectTruthfulHealth(server: { readonly url: string }): Promise<void> {
  const health = await ask(server, '/healthz');
  expect(health.status).toBe(200);
  expect(health.milliseconds).toBeLessThan(2_000);
  const readiness = await ask(server, '/readyz');
  expect(readiness.status).toBe(503);
  expect(readiness.milliseconds).toBeLessThan(5_000);
}

/** By itself, without a restart: ready, and writing again. */
export async function expectRecovery({ server, load }: LoadedServer): Promise<void> {
  await poll(20_000, 'the server was not ready again', async () =>
    (await ask(server, '/readyz')).status === 200 ? true : undefined,
  );
  await load.acknowledges(20);
}

/** Ends the load; then nothing may be lost, by half, or mailed twice. */
export async function expectNothingLost({
  server,
  load,
  database,
  smtp,
}: LoadedServer): Promise<void> {
  await load.stop();
  expect(load.facts.size).toBeGreaterThan(20);
  expect(await load.lostFacts(database)).toEqual([]);
  expect(load.refusals).toEqual([]);
  expect(server.logged.filter((line) => line.includes('unforeseen'))).toEqual([]);
  expect([...load.failures.keys()].filter((code) => code !== 'SERVER_BUSY')).toEqual([]);
  await poll(60_000, 'mails were still waiting', async () => {
    // A worker that lost the database in the moment it took a job keeps it: as if the minute and a
    // half had passed after which another one has it.
    await database.query(
      `SELECT graphile_worker.force_unlock_workers(array_agg(locked_by)) FROM graphile_worker.jobs
       WHERE locked_at < now() - interval '15 seconds' HAVING count(*) > 0`,
    );
    const waiting = await database.query(`SELECT FROM mails WHERE state = 'queued'`);
    return waiting.length === 0 ? true : undefined;
  });
  expect(await brokenInvariants(database)).toEqual({});
  const ids = smtp.received.map(({ header }) => /^Message-ID: (.*)$/im.exec(header)?.[1]);
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
}

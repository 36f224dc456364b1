import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { startEmbeddedDatabase } from '../../src/database/embedded.ts';

export interface BenchDatabase {
  readonly url: string;
  readonly version: string;
  readonly dataDir: string;
  /** Ends PostgreSQL; the data stays until `remove`. */
  stop(): Promise<void>;
}

/** A folder for data, removed by `removeDataDirectory`. PostgreSQL's own account must get in. */
export async function createDataDirectory(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-bench-'));
  await chmod(folder, 0o755);
  return folder;
}

export async function removeDataDirectory(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** The embedded PostgreSQL as Gatehouse runs it, for several servers and the baselines to share. */
export async function startDatabase(dataDir: string): Promise<BenchDatabase> {
  const database = await startEmbeddedDatabase({ dataDir, log: pino({ level: 'error' }) });
  const { url, version } = database;
  return { url, version, dataDir, stop: () => database.stop() };
}

export async function onDatabase<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** An empty database on the same server, gone when it is stopped. */
export async function databaseBeside(
  url: string,
  name: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const identifier = pg.escapeIdentifier(`bench_${name}`);
  await onDatabase(url, (client) => client.query(`CREATE DATABASE ${identifier}`));
  const beside = new URL(url);
  beside.pathname = `/bench_${name}`;
  return {
    url: beside.href,
    async stop() {
      await onDatabase(url, (client) => client.query(`DROP DATABASE ${identifier} WITH (FORCE)`));
    },
  };
}

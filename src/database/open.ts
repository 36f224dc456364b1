import pg, { type Pool } from 'pg';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Config } from '../config/config.ts';
import { createDataSource, poolOf, timeouts } from './data-source.ts';
import { shareEmbeddedDatabase, type SharedDatabase } from './embedded-guest.ts';
import { startEmbeddedDatabase } from './embedded.ts';
import { migrate } from './migrate.ts';
import { endSilentConnections } from './silence.ts';

/**
 * Whether the embedded database has to be ours alone, may be that of a server which runs, or is
 * there already, with its schema, for one of several processes.
 */
export type DatabaseAccess = 'own' | 'shared' | 'prepared';

export interface OpenDatabase {
  readonly dataSource: DataSource;
  /** For what waits for notifications, past any pooler. Without one it is the data source's. */
  readonly directPool: Pool;
  /** Leads to the server itself, past any pooler. */
  readonly directUrl: string;
  /** Whether a pooler may hand each transaction to another connection. */
  readonly isPooled: boolean;
  /** Whether it is the embedded one, which no other server shares. */
  readonly owned: boolean;
  /** In words, for the start. */
  readonly name: string;
  readonly close: () => Promise<void>;
}

// What the two groups of workers use: each a connection that listens, and one for each of its jobs.
const directConnections = 10;

/** Opens the database, the embedded one where no other is named, and brings its schema up to date. */
export async function openDatabase(
  config: Config,
  log: Logger,
  access: DatabaseAccess,
): Promise<OpenDatabase> {
  const { url: givenUrl, directUrl: givenDirectUrl, poolSize } = config.database;
  const embedded = givenUrl === undefined ? await openEmbedded(config, log, access) : undefined;
  const directUrl = givenDirectUrl ?? embedded?.url ?? givenUrl ?? '';
  // What works beside the servers uses what a pooler cannot give, such as temporary tables.
  const url = access === 'shared' ? directUrl : (embedded?.url ?? givenUrl ?? '');
  const isPooled = givenDirectUrl !== undefined && url !== directUrl;
  // A pooler takes no settings for a connection that it hands on to others.
  const settings = isPooled ? {} : timeouts;
  const dataSource = createDataSource(url, embedded ? Math.min(poolSize, 80) : poolSize, settings);
  try {
    await dataSource.initialize();
    if (access !== 'prepared') await (isPooled ? migrateBy(directUrl) : migrate(dataSource));
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    await embedded?.stop();
    throw error;
  }
  const ownPool = isPooled ? createDirectPool(directUrl) : undefined;
  const directPool = ownPool ?? poolOf(dataSource);
  if (access !== 'shared') {
    for (const pool of new Set([poolOf(dataSource), directPool])) endSilentConnections(pool);
  }
  return {
    dataSource,
    directPool,
    directUrl,
    isPooled,
    owned: embedded?.isOurs === true,
    name: embedded ? `embedded PostgreSQL in ${config.dataDir}` : `PostgreSQL at ${hostOf(url)}`,
    close: async () => {
      await ownPool?.end();
      await dataSource.destroy();
      await embedded?.stop();
    },
  };
}

/** The lock that migrations take lasts for a session, and so needs one. */
async function migrateBy(directUrl: string): Promise<void> {
  const direct = await createDataSource(directUrl, 2).initialize();
  try {
    await migrate(direct);
  } finally {
    await direct.destroy();
  }
}

function createDirectPool(connectionString: string): Pool {
  const pool = new pg.Pool({
    connectionString,
    max: directConnections,
    application_name: 'gatehouse-direct',
    connectionTimeoutMillis: 5_000,
  });
  pool.on('error', () => undefined); // of a connection nobody used; the next statement opens one
  return pool;
}

async function openEmbedded(
  config: Config,
  log: Logger,
  access: DatabaseAccess,
): Promise<SharedDatabase> {
  if (access === 'shared') return shareEmbeddedDatabase({ ...config, log });
  const database = await startEmbeddedDatabase({ ...config, log });
  return { url: database.url, isOurs: true, stop: () => database.stop() };
}

/** Host and database of a URL, without the password. */
function hostOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

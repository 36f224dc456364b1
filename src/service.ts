import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { readOrMakeAppSecret } from './adapters/app-secret.ts';
import { createBcryptPool } from './adapters/bcrypt-pool.ts';
import type { Config } from './config.ts';
import type { Ctx, RateLimitStore } from './context.ts';
import { createDataSource } from './database/data-source.ts';
import { startEmbeddedDatabase } from './database/embedded.ts';
import { createRunPrepared } from './database/prepared.ts';
import { migrate } from './database/migrate.ts';
import { leasing } from './features/rate-limit/leases.ts';
import { createPostgresRateLimits } from './features/rate-limit/rate-limit.store.ts';
import { createDevelopmentMailbox } from './adapters/development-mailbox.ts';
import { createSealer } from './adapters/sealing.ts';
import { createRenderMail } from './features/mail/mail.rendering.ts';
import { createMetrics, type ServerMetrics } from './adapters/prometheus.ts';

/** What lives as long as the server: a context without a caller, and what it stands on. */
export interface Service extends Pick<Ctx, 'config' | 'db' | 'ports' | 'log'> {
  readonly dataSource: DataSource;
  readonly metrics: ServerMetrics;
  /** In words, for the start: which database is in use. */
  readonly databaseName: string;
  /** Whether the database is the embedded one, which no other server shares. */
  readonly ownsDatabase: boolean;
  /** In words, for the start: where mail goes. */
  readonly mailName: string;
  /** Where people reach Gatehouse; the port is known when the server listens. */
  readonly address: { url: string };
  close(): Promise<void>;
}

/**
 * Opens everything the server stands on, database first, and closes it in the opposite order.
 * What was opened is closed again when a later step fails.
 */
export async function openService(config: Config, log: Logger): Promise<Service> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closeOne of closing.splice(0).reverse()) await closeOne();
  };
  try {
    const database = await openDatabase(config, log);
    closing.push(database.close);
    const { dataSource } = database;
    const passwords = createBcryptPool({ cost: config.password.bcryptCost });
    closing.push(() => passwords.close());
    const address = { url: config.http.appUrl ?? `http://localhost:${config.http.port}` };
    const mail = openMail(config, dataSource);
    const rateLimits = await openRateLimits(config, log, dataSource, closing);
    const metrics = createMetrics(() => passwords.queued);
    const ports = {
      passwords,
      rateLimits,
      metrics,
      mail: mail.transport,
      runPrepared: createRunPrepared(dataSource),
      requestLimits: leasing(rateLimits),
      renderMail: createRenderMail(config, () => address.url),
      sealer: createSealer(config.appSecret ?? (await readOrMakeAppSecret(config.dataDir))),
    };
    const { name: databaseName, owned: ownsDatabase } = database;
    const names = { databaseName, ownsDatabase, mailName: mail.name };
    return {
      config,
      db: dataSource.manager,
      ports,
      log,
      dataSource,
      metrics,
      address,
      ...names,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openDatabase(config: Config, log: Logger) {
  const { url, poolSize } = config.database;
  const embedded = url === undefined ? await startEmbeddedDatabase({ ...config, log }) : undefined;
  const dataSource = createDataSource(
    embedded?.url ?? url ?? '',
    embedded ? Math.min(poolSize, 80) : poolSize,
  );
  try {
    await dataSource.initialize();
    await migrate(dataSource);
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    await embedded?.stop();
    throw error;
  }
  return {
    dataSource,
    owned: embedded !== undefined,
    name: embedded ? `embedded PostgreSQL in ${config.dataDir}` : `PostgreSQL at ${hostOf(url)}`,
    close: async () => {
      await dataSource.destroy();
      await embedded?.stop();
    },
  };
}

function openMail(_config: Config, dataSource: DataSource) {
  return { name: 'kept at /dev/mailbox', transport: createDevelopmentMailbox(dataSource) };
}

/** Host and database of a URL, without the password. */
function hostOf(url: string | undefined): string {
  const { host, pathname } = new URL(url ?? 'postgres://');
  return `${host}${pathname}`;
}

async function openRateLimits(
  config: Config,
  log: Logger,
  dataSource: DataSource,
  closing: (() => Promise<void>)[],
): Promise<RateLimitStore> {
  if (config.redisUrl === undefined) return createPostgresRateLimits(dataSource);
  // Loaded only where it is used: a quarter of a second and some megabytes of the start.
  const { connectRedisRateLimits } = await import('./adapters/redis-rate-limits.ts');
  const store = await connectRedisRateLimits(config.redisUrl, log);
  closing.push(() => store.close());
  return store;
}

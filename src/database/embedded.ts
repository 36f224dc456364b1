import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { findBinaries } from './embedded-binaries.ts';
import type { Binaries } from './embedded-binaries.ts';
import { databaseName, openHome } from './embedded-home.ts';
import type { Home } from './embedded-home.ts';
import { claim, takeLock } from './embedded-lock.ts';
import { ProgramFailure, Supervised } from './embedded-process.ts';

export { DataDirectoryInUse } from './embedded-lock.ts';
export { EmbeddedDatabaseError } from './embedded-process.ts';

/** A PostgreSQL that lives and ends with this process. */
export interface EmbeddedDatabase {
  readonly url: string;
  /** PostgreSQL's own version, such as `18.4`. */
  readonly version: string;
  /** Ends PostgreSQL cleanly. May be called more than once. */
  stop(): Promise<void>;
}

export interface EmbeddedDatabaseOptions {
  /** The folder that keeps the data, made when it is missing. */
  readonly dataDir: string;
  readonly log: Logger;
  /** Other binaries than those of the npm package. */
  readonly binaries?: Binaries;
  /** Asked again for as long as the port it gives is taken. */
  readonly choosePort?: () => number;
}

/** How long another server on the folder may take to come up, or to go away. */
const patienceMilliseconds = 30_000;

/** Replaying a long log after a crash takes its time; more than this is a hang. */
const startMilliseconds = 120_000;

/** Starts the database of this folder, and makes it on the first start. */
export async function startEmbeddedDatabase(
  options: EmbeddedDatabaseOptions,
): Promise<EmbeddedDatabase> {
  const log = options.log.child({ component: 'postgresql' });
  const home = await openHome(options.dataDir, options.binaries ?? (await findBinaries()), log);
  const keeper = new Keeper(home, log);
  await keeper.start(options.choosePort ?? choosePort);
  return keeper;
}

/**
 * Below the range that outgoing connections are given ports from: a pool that keeps trying while
 * the database restarts could otherwise be given that very port, and meet itself.
 */
function choosePort(): number {
  return randomInt(15_000, 32_768);
}

/** Where the database of a home is reached while its server listens on this port. */
export function urlOf({ password }: Home, port: number): string {
  return `postgresql://${databaseName}:${password}@127.0.0.1:${port}/${databaseName}`;
}

/** Runs the server of one home, holds the lock on it, and starts it again when it dies. */
class Keeper implements EmbeddedDatabase {
  version = '';
  #port = 0;
  #server: Supervised | null = null;
  #lock: pg.Client | null = null;
  #watching: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;
  readonly #ending = new AbortController();

  constructor(
    private readonly home: Home,
    private readonly log: Logger,
  ) {}

  get url(): string {
    return urlOf(this.home, this.#port);
  }

  async start(choose: () => number): Promise<void> {
    await this.#begin(choose);
    this.#watching = this.#watch();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    this.#ending.abort();
    await this.#server?.stop();
    await this.#watching;
  }

  /** Makes the folder ours and runs its server. */
  async #begin(choose: () => number): Promise<void> {
    const { signal } = this.#ending;
    const isFirst = this.#port === 0;
    const deadline = Date.now() + patienceMilliseconds;
    for (;;) {
      await claim(this.home, deadline, this.log, signal);
      signal.throwIfAborted();
      try {
        await this.#run(choose());
        return;
      } catch (error) {
        await this.#server?.stop();
        const isPassing =
          error instanceof ProgramFailure &&
          (error.isFolderTaken || (error.isPortTaken && isFirst)) &&
          Date.now() < deadline;
        if (!isPassing) throw error;
      }
      await sleep(100);
    }
  }

  async #run(port: number): Promise<void> {
    const { dataDir, data, account, binaries } = this.home;
    let markReady = (): void => {};
    const ready = new Promise<void>((resolve) => (markReady = resolve));
    const server = new Supervised({
      program: join(binaries.directory, 'bin', 'postgres'),
      parameters: ['-D', data, ...settings(port)],
      account,
      onLine: (line) => {
        this.#print(line);
        if (line.includes('database system is ready to accept connections')) markReady();
      },
    });
    this.#server = server;
    const isReady = await Promise.race([
      ready.then(() => true),
      server.exited.then(() => false),
      sleep(startMilliseconds, false, { ref: false }),
    ]);
    const lock = isReady ? await takeLock(this.home, port, server) : null;
    if (lock === null) {
      const how = server.hasEnded ? await server.exited : 'it took too long';
      throw new ProgramFailure(`PostgreSQL did not start on ${dataDir}`, how, server.lastLines);
    }
    this.#hold(lock, port, server);
    this.version = await prepare(lock);
    this.#port = port;
  }

  /** Keeps the lock for as long as the server lives: it is lost when a crash resets it. */
  #hold(lock: pg.Client, port: number, server: Supervised): void {
    this.#lock = lock;
    lock.once('end', () => {
      if (this.#ending.signal.aborted) return;
      takeLock(this.home, port, server).then(
        (next) => next && this.#hold(next, port, server),
        (error: unknown) => this.log.error({ err: error }, 'The data folder is no longer locked'),
      );
    });
  }

  async #watch(): Promise<void> {
    const { signal } = this.#ending;
    let deaths = 0;
    for (;;) {
      const startedAt = Date.now();
      const how = await this.#server?.exited;
      if (signal.aborted) return;
      deaths = Date.now() - startedAt > 10_000 ? 0 : deaths + 1;
      this.log.error({ how }, 'PostgreSQL ended unexpectedly; it is started again');
      await this.#revive(deaths);
    }
  }

  /** Tries until it runs again, on the same port, where the pools will look for it. */
  async #revive(deaths: number): Promise<void> {
    const { signal } = this.#ending;
    await this.#lock?.end().catch(() => {});
    for (let attempt = deaths; !signal.aborted; attempt++) {
      await sleep(Math.min(100 * 2 ** attempt, 5_000), null, { signal }).catch(() => {});
      try {
        await this.#begin(() => this.#port);
        this.log.info('PostgreSQL runs again');
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.log.error({ err: error }, 'PostgreSQL could not be started again');
      }
    }
  }

  #print(line: string): void {
    if (line.startsWith('PANIC:')) this.log.error(line);
    // Ending it on purpose is fatal to every connection, and nothing to worry about.
    else if (line.startsWith('FATAL:') && !this.#ending.signal.aborted) this.log.warn(line);
    else this.log.debug(line);
  }
}

function settings(port: number): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    // What it prints is read here: in English, on its standard error, without a prefix.
    lc_messages: 'C',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: '',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Creates our database when it is missing, and tells the server's version. */
async function prepare(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ version: string; is_made: boolean }>(
    `SELECT current_setting('server_version') AS version,
            EXISTS (SELECT FROM pg_database WHERE datname = $1) AS is_made`,
    [databaseName],
  );
  if (rows[0]?.is_made !== true) await client.query(`CREATE DATABASE ${databaseName}`);
  return rows[0]?.version ?? '';
}

import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import type { DatabaseConfig } from '../config/database.ts';
import { Denial, Refusal } from '../errors.ts';
import type { FoundReplica, ReasonForPrimary, Replicas } from '../replicas.ts';
import { createDataSource, poolOf, timeouts } from './data-source.ts';

// A replica nearby is behind by some milliseconds; who waits for longer is served sooner elsewhere.
const patienceMilliseconds = 100;
const answerMilliseconds = 500;
const restMilliseconds = 1_000;
const statementMilliseconds = 10_000;

/**
 * The position behind everything that callers have been told is committed. A commit is told when it
 * has been flushed; where `synchronous_commit` is off, already when it has been written down.
 */
const positionOfPrimary = `
  SELECT (CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
    ELSE pg_current_wal_flush_lsn() END - '0/0'::pg_lsn)::float8 AS position`;

/** How far a replica shows what the primary has committed; null for what is no replica. */
const positionOfReplica = `
  SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() - '0/0'::pg_lsn END::float8
    AS position`;

/** The servers `DATABASE_REPLICA_URLS` names. None of them is needed, neither now nor later. */
export function openReplicas(
  { replicaUrls, poolSize }: DatabaseConfig,
  primary: DataSource,
  log: Logger,
  closing: (() => Promise<void> | void)[],
): Replicas {
  const replicas = replicaUrls.map((url) => new Replica(url, poolSize, log));
  closing.push(...replicas.map((replica) => () => replica.close()));
  let turn = 0;
  return {
    async findCurrent(): Promise<FoundReplica> {
      turn += 1;
      const usable = replicas.filter((replica) => replica.isUsable());
      if (usable.length === 0) return { replica: undefined, reason: reasonOf(replicas) };
      const position = await readPosition(poolOf(primary), positionOfPrimary).catch(
        (error: unknown) => {
          log.warn({ err: error }, 'the primary does not tell its position; no replica is used');
          return null;
        },
      );
      if (position === null) return { replica: undefined, reason: 'untold' };
      for (let tried = 0; tried < usable.length; tried += 1) {
        const replica = usable[(turn + tried) % usable.length];
        if (replica && (await replica.reaches(position))) return { replica: replica.manager };
      }
      return { replica: undefined, reason: reasonOf(replicas) };
    },
    hasFailed(manager, error) {
      if (isFinal(error)) return false;
      replicas.find((replica) => replica.manager === manager)?.rest(error);
      return true;
    },
  };
}

/** Why none of them serves: one that is only behind is nearer to serving than one that fails. */
function reasonOf(replicas: readonly Replica[]): ReasonForPrimary {
  const reasons = replicas.map(({ reason }) => reason);
  const order = ['behind', 'failed', 'connecting'] as const;
  return order.find((reason) => reasons.includes(reason)) ?? 'none';
}

/** Answers of ours, and a statement that took too long, would be the same anywhere. */
function isFinal(error: unknown): boolean {
  if (error instanceof Denial || error instanceof Refusal) return true;
  return error instanceof Error && 'code' in error && error.code === '57014';
}

async function readPosition(pool: pg.Pool, sql: string): Promise<number | null> {
  const { rows } = await pool.query<{ position: number | null }>(sql);
  return rows[0]?.position ?? null;
}

/** One server, which may be away, behind or frozen at any time. */
class Replica {
  readonly #dataSource: DataSource;
  /** A connection of its own, so that a question never waits behind lists. */
  readonly #questions: pg.Pool;
  readonly #log: Logger;
  #restsUntil = 0;
  #connecting: Promise<void> | undefined;
  #isServing = true;
  #reason: Exclude<ReasonForPrimary, 'none' | 'untold'> = 'connecting';
  #isClosed = false;

  constructor(url: string, poolSize: number, log: Logger) {
    // One that is frozen would let a list wait for ever.
    const settings = { ...timeouts, query_timeout: statementMilliseconds };
    this.#dataSource = createDataSource(url, poolSize, settings);
    this.#questions = new pg.Pool({
      connectionString: url,
      max: 1,
      application_name: 'gatehouse-replica',
      connectionTimeoutMillis: answerMilliseconds,
      query_timeout: answerMilliseconds,
    });
    this.#questions.on('error', () => undefined); // the next question finds out
    this.#log = log.child({ replica: new URL(url).host });
  }

  get manager(): EntityManager {
    return this.#dataSource.manager;
  }

  /** Why it does not serve, when it does not. */
  get reason() {
    return this.#reason;
  }

  /** Whether it is worth asking. What has never been reached is tried again, beside the requests. */
  isUsable(): boolean {
    if (performance.now() < this.#restsUntil) return false;
    if (this.#dataSource.isInitialized) return true;
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined));
    return false;
  }

  /** Whether it shows everything up to this position, now or in a moment. */
  async reaches(position: number): Promise<boolean> {
    const deadline = performance.now() + patienceMilliseconds;
    try {
      for (let wait = 1; ; wait *= 2) {
        const replayed = await readPosition(this.#questions, positionOfReplica);
        if (replayed === null) throw new Error('This server is no replica.');
        if (replayed >= position) return this.#serves();
        if (performance.now() + wait > deadline) {
          this.rest(new Error('It is behind the primary.'), 'behind');
          return false;
        }
        await pause(wait);
      }
    } catch (error) {
      this.rest(error);
      return false;
    }
  }

  /** Leaves it alone for a moment. */
  rest(error: unknown, reason: 'behind' | 'failed' = 'failed'): void {
    this.#reason = reason;
    this.#restsUntil = performance.now() + restMilliseconds;
    if (this.#isServing && !this.#isClosed) {
      this.#log.warn({ err: error }, 'the replica cannot serve; the primary does');
    }
    this.#isServing = false;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#connecting;
    await this.#questions.end();
    if (this.#dataSource.isInitialized) await this.#dataSource.destroy();
  }

  #serves(): true {
    if (!this.#isServing) this.#log.info('the replica serves again');
    this.#isServing = true;
    return true;
  }

  async #connect(): Promise<void> {
    try {
      await this.#dataSource.initialize();
    } catch (error) {
      this.rest(error);
    }
  }
}

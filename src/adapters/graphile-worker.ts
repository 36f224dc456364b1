import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  Logger as WorkerLogger,
  runTaskList,
  type TaskList,
  type WorkerEvents,
  type WorkerPoolOptions,
} from 'graphile-worker';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import { createTurns } from './turns.ts';

/** What works off the jobs of each kind; `isLast` when nothing follows a failure. */
export type Tasks = Readonly<
  Record<string, (data: never, attempt: { readonly isLast: boolean }) => Promise<void>>
>;

/** How jobs of some kinds are worked off. */
export interface Working {
  /** How many at a time. */
  readonly atOnce: number;
  /** The flags of jobs that are passed over at the moment. */
  readonly passedOver?: () => string[];
}

const restartMilliseconds = 5_000;
const connectionsAtOnce = 2;
// A job that hangs, on a connection nobody answers for instance, must not keep its worker for ever.
const taskMilliseconds = 60_000;

/**
 * Works off jobs until stopped; stopping waits for those under way. Told of new jobs by LISTEN, on
 * one connection of the pool.
 *
 * A worker that cannot note how its job ended, because the database is lost, ends and is not
 * replaced by the library. So all of them start over then, and go on trying. The library's own
 * scheduler is left out: its failure to reach the database would end the process.
 */
export function startWorkers(
  pool: Pool,
  tasks: Tasks,
  { atOnce, passedOver }: Working,
  log: Logger,
): () => Promise<void> {
  surviveLostConnections(pool);
  const options: WorkerPoolOptions = {
    concurrency: atOnce,
    ...(passedOver && { forbiddenFlags: passedOver }),
    noHandleSignals: true,
    noPreparedStatements: true, // a pooler between us and PostgreSQL does not keep them
    logger: quiet(log),
  };
  const taskList = taskListOf(tasks);
  const stopping = new AbortController();
  const { signal } = stopping;
  const work = async () => {
    while (!signal.aborted) {
      const trouble = await workUntilTrouble(pool, options, taskList, signal);
      if (trouble === undefined) continue;
      log.error({ err: trouble }, 'the workers had to stop; they start over in a moment');
      await pause(restartMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  };
  const ended = work();
  return () => {
    stopping.abort();
    return ended;
  };
}

/** Answers what made the workers stop; nothing when they were told to. */
async function workUntilTrouble(
  pool: Pool,
  options: WorkerPoolOptions,
  taskList: TaskList,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    // Workers that start without a database would never find one.
    await pool.query('SELECT 1');
  } catch (error) {
    return signal.aborted ? undefined : error;
  }
  const events: WorkerEvents = new EventEmitter();
  const trouble = new Promise<unknown>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    events.once('worker:getJob:error', ({ error }) => resolve(error));
    events.once('worker:fatalError', ({ error }) => resolve(error));
    events.once('pool:release', () => resolve(new Error('The workers ended by themselves.')));
  });
  const workers = runTaskList({ ...options, events }, taskList, sparing(pool));
  const reason = await trouble;
  await workers.gracefulShutdown();
  return reason;
}

/**
 * The pool for workers, who ask for jobs and note how they ended a few at a time. All of them start,
 * and look for jobs, in the same moment, and a connection each would leave the requests without.
 */
function sparing(pool: Pool): Pool {
  const turns = createTurns(connectionsAtOnce);
  const connect = async () =>
    new Promise<PoolClient>((resolve, reject) => {
      const held = async () => {
        const client = await pool.connect();
        const release = client.release.bind(client);
        await new Promise<void>((released) => {
          client.release = (error) => {
            release(error);
            released();
          };
          resolve(client);
        });
      };
      turns.take(held).catch(reject);
    });
  // With a callback it asks for the connection that listens, which is kept.
  const given = (listen?: Listen) => (listen ? pool.connect(releasedOnce(listen)) : connect());
  return Object.assign(Object.create(pool) as Pool, { connect: given });
}

type Listen = Parameters<Pool['connect']>[0];

/**
 * The library gives the connection that listens back twice when it is lost while the workers stop.
 * The pool throws at that, in a promise nobody waits for, and that would end the process. A pool that
 * has been closed answers with nothing to give back.
 */
function releasedOnce(listen: Listen): Listen {
  return (error, client, release?: Parameters<Listen>[2]) => {
    let giveBack = release;
    listen(error, client, (reason) => {
      giveBack?.(reason);
      giveBack = undefined;
    });
  };
}

/**
 * A connection that is lost while a worker holds it says so in an event. Nobody listens for it
 * there, and an error nobody listens for ends the process; the statement under way fails anyway.
 */
function surviveLostConnections(pool: Pool): void {
  const known = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    client.on('error', () => undefined);
  });
}

function taskListOf(tasks: Tasks): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      (payload, { job }) =>
        inTime(task(payload as never, { isLast: job.attempts >= job.max_attempts })),
    ]),
  );
}

async function inTime(task: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const deadline = pause(taskMilliseconds, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`The job took longer than ${taskMilliseconds / 1000} seconds.`);
  });
  deadline.catch(() => undefined); // also when it is called off
  await Promise.race([task, deadline]).finally(() => {
    timer.abort();
  });
}

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;

/** Its messages, without what they carry beside them: jobs, with their data. */
function quiet(log: Logger): WorkerLogger {
  return new WorkerLogger(() => (level, message) => {
    log[levels[level]]({ component: 'jobs' }, message);
  });
}

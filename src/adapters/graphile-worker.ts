import { Logger as WorkerLogger, run, type RunnerOptions, type TaskList } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';

/** What works off the jobs of each kind; `isLast` when nothing follows a failure. */
export type Tasks = Readonly<
  Record<string, (data: never, attempt: { readonly isLast: boolean }) => Promise<void>>
>;

// Jobs wait for others, for a provider of mail most of all: a few at a time are many a second.
const concurrency = 4;
const restartMilliseconds = 5_000;

/**
 * Works off jobs until stopped, and adds the scheduled ones. Told of new jobs by LISTEN, on one
 * connection of the pool. Starts over when the workers end, as they may when the database is lost.
 */
export async function startWorkers(
  pool: Pool,
  tasks: Tasks,
  crontab: string,
  log: Logger,
): Promise<() => Promise<void>> {
  const options: RunnerOptions = {
    pgPool: pool,
    taskList: taskListOf(tasks),
    crontab,
    concurrency,
    noHandleSignals: true,
    noPreparedStatements: true, // a pooler between us and PostgreSQL does not keep them
    logger: quiet(log),
  };
  const start = () => run(options);
  let runner = await start();
  let stopped: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const watch = () => runner.promise.catch(startOver);
  const startOver = (error: unknown) => {
    if (stopped !== undefined) return;
    log.error({ err: error }, 'the workers ended; they start over in a moment');
    timer = setTimeout(() => {
      start().then((started) => {
        runner = started;
        void watch();
      }, startOver);
    }, restartMilliseconds).unref();
  };
  void watch();
  return () => {
    clearTimeout(timer);
    // Rejects when the workers have ended by themselves: then there is nothing to stop.
    return (stopped ??= runner.stop().catch(() => undefined));
  };
}

function taskListOf(tasks: Tasks): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      (payload, { job }) => task(payload as never, { isLast: job.attempts >= job.max_attempts }),
    ]),
  );
}

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;

/** Its messages, without what they carry beside them: jobs, with their data. */
function quiet(log: Logger): WorkerLogger {
  return new WorkerLogger(() => (level, message) => {
    log[levels[level]]({ component: 'jobs' }, message);
  });
}

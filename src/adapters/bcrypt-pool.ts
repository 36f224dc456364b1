import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { PasswordHash, PasswordHasher } from '../context.ts';
import { Denial } from '../errors.ts';
import { isHashable, normaliseHash } from './bcrypt.ts';
import { codeOfThread } from './bcrypt-thread.ts';
import type * as worker from './bcrypt.worker.ts';

export interface BcryptPool extends PasswordHasher {
  /** Tasks that wait for a thread. */
  readonly queued: number;
  /** Lets what was accepted come to its end, then ends the threads. */
  close(): Promise<void>;
}

/** Is told what the pool does, for metrics. */
interface Observer {
  finished(task: string, waitSeconds: number, seconds: number): void;
  refused(): void;
}

/** How deep the queue is for each thread: at cost 12 a wait of about 13 seconds. */
const QUEUE_PER_THREAD = 64;

type Tasks = typeof worker;
type Run = <Name extends keyof Tasks>(
  name: Name,
  task: Parameters<Tasks[Name]>[0],
) => Promise<Awaited<ReturnType<Tasks[Name]>>['result']>;

export function createBcryptPool(options: {
  cost: number;
  threads?: number;
  maxQueue?: number;
  observer?: Observer;
}): BcryptPool {
  const { threads = availableParallelism(), observer } = options;
  const maxQueue = options.maxQueue ?? QUEUE_PER_THREAD * threads;
  const pool = startThreads(threads);
  const accepted = new Set<Promise<unknown>>();

  const run: Run = async (name, task) => {
    if (pool.queueSize >= maxQueue) refuseBusy(observer);
    const begun = performance.now();
    const running = pool.run(task, { name }) as ReturnType<Tasks[typeof name]>;
    accepted.add(running);
    const { result, milliseconds } = await running.finally(() => accepted.delete(running));
    const waited = performance.now() - begun - milliseconds;
    observer?.finished(name, Math.max(0, waited / 1000), milliseconds / 1000);
    return result;
  };

  return {
    get queued() {
      return pool.queueSize;
    },
    async hash(password) {
      if (!isHashable(password)) throw new RangeError('bcrypt cannot take the whole password');
      return (await run('hash', { password, cost: options.cost })) as PasswordHash;
    },
    async verify(password, hash) {
      const normalised = normaliseHash(hash);
      if (normalised === null || !isHashable(password)) return false;
      return run('verify', { password, hash: normalised });
    },
    async close() {
      // Piscina's own `close` stops waiting once one thread is idle and kills the others' tasks.
      await Promise.allSettled(accepted);
      await pool.destroy();
    },
  };
}

function refuseBusy(observer: Observer | undefined): never {
  observer?.refused();
  throw new Denial('SERVER_BUSY', 'The server is busy. Please try again in a moment.');
}

function startThreads(threads: number): Piscina<unknown, unknown> {
  return new Piscina<unknown, unknown>({
    ...codeOfThread(),
    // The export to look up while a thread starts; Piscina would look for a default one.
    name: 'hash',
    // The others come with the first hashes that have to wait, and stay.
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: Infinity,
    // One is being hashed and one lies ready: a thread that has to wait for the main thread to hand
    // it the next stands idle between two. At cost 10 that is 4 % more sign-ins.
    concurrentTasksPerWorker: 2,
    // Without it, Piscina puts a waiting task at the end of the queue whenever another one ends.
    stricterFIFO: true,
  });
}

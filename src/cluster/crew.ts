import cluster, { type Worker } from 'node:cluster';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { StartError } from '../process/process.ts';
import { MetricsOfWorkers } from './metrics.ts';
import type { FromWorker, ToWorker } from './messages.ts';

type Listening = Extract<FromWorker, { kind: 'listening' }>;

// Who lived longer than this did not die of how it was started.
const healthyMilliseconds = 10_000;
const firstRestartMilliseconds = 100;
const longestRestartMilliseconds = 10_000;

// One for the machine works off jobs, so that more processes to serve with are not more connections
// and more mails at once. The one in its place has them when it dies.
const placeOfJobs = 0;
const withoutJobs = { RUN_JOBS: 'false' };

/** The processes that serve. One that dies is replaced, the later the more have died young. */
export class Crew {
  readonly #workers = new Set<Worker>();
  readonly #stopping = new AbortController();
  readonly #metrics = new MetricsOfWorkers(() => [...this.#workers]);
  #deathsInARow = 0;

  /** `environment` is what the processes get beside that of this one. */
  constructor(
    private readonly environment: Readonly<Record<string, string>>,
    private readonly log: Logger,
  ) {}

  /** Resolves when so many listen; throws what the first could not be started for. */
  async start(size: number): Promise<Listening[]> {
    const started = await Promise.all(
      Array.from({ length: size }, (_, place) => this.#startOne(place)),
    );
    for (const [place, one] of started.entries()) void this.#keepUp(one, place);
    return started.map(({ listening }) => listening);
  }

  /** Has all of them finish what is under way. Resolves when none is left. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(
      [...this.#workers].map((worker) => {
        const gone = new Promise((resolve) => worker.once('exit', resolve));
        worker.send({ kind: 'stop' } satisfies ToWorker, () => undefined);
        return gone;
      }),
    );
  }

  async #startOne(place: number): Promise<Started> {
    const startedAt = performance.now();
    const duties = place === placeOfJobs ? {} : withoutJobs;
    const worker = cluster.fork({ ...this.environment, ...duties });
    this.#workers.add(worker);
    worker.on('error', () => undefined); // a message to one that has just died
    const ended = new Promise<string>((resolve) => {
      worker.once('exit', (code, signal) => {
        this.#workers.delete(worker);
        resolve(signal ?? `code ${code}`);
      });
    });
    const listening = await new Promise<Listening>((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'listening') resolve(message);
        else if (message.kind === 'failed') reject(new StartError(message.message));
        else this.#metrics.hear(worker, message);
      });
      void ended.then((how) => reject(new StartError(`A serving process ended with ${how}.`)));
    });
    return { listening, startedAt, ended };
  }

  /** Puts another in the place of one that died, and of that one, until all are to stop. */
  async #keepUp(worker: Started, place: number): Promise<void> {
    const { signal } = this.#stopping;
    for (let present: Started | undefined = worker; ;) {
      const how = await present?.ended;
      if (signal.aborted) return;
      if (present) this.log.error({ how }, 'a serving process ended; another takes its place');
      const wasHealthy = present && performance.now() - present.startedAt > healthyMilliseconds;
      this.#deathsInARow = wasHealthy ? 0 : this.#deathsInARow + 1;
      await pause(restartMilliseconds(this.#deathsInARow), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      present = await this.#startOne(place).catch((error: unknown) => {
        this.log.error({ err: error }, 'a serving process could not be started');
        return undefined;
      });
    }
  }
}

interface Started {
  readonly listening: Listening;
  readonly startedAt: number;
  /** Resolves with how it ended, for people. */
  readonly ended: Promise<string>;
}

function restartMilliseconds(deathsInARow: number): number {
  return Math.min(firstRestartMilliseconds * 2 ** deathsInARow, longestRestartMilliseconds);
}

import type { Worker } from 'node:cluster';
import { setTimeout as pause } from 'node:timers/promises';
import { addUp, type CollectedMetrics } from '../adapters/prometheus-sum.ts';
import type { FromWorker, ToWorker } from './messages.ts';

type Told = Extract<FromWorker, { kind: 'own metrics' | 'ask for metrics' }>;

// A scrape has ten seconds by default; who does not answer sooner is left out of it.
const patienceMilliseconds = 3_000;

/** Adds up what the processes have counted, whichever of them is asked for it. */
export class MetricsOfWorkers {
  readonly #waiting = new Map<number, (metrics: CollectedMetrics) => void>();
  #lastQuestion = 0;

  constructor(private readonly workers: () => Worker[]) {}

  hear(worker: Worker, message: Told): void {
    if (message.kind === 'own metrics') this.#waiting.get(message.question)?.(message.metrics);
    else void this.#answer(worker, message.question);
  }

  async #answer(worker: Worker, question: number): Promise<void> {
    const collected = await Promise.all(this.workers().map((one) => this.#collect(one)));
    const exposition = await addUp(collected.filter((metrics) => metrics !== undefined));
    send(worker, { kind: 'all metrics', question, exposition });
  }

  async #collect(worker: Worker): Promise<CollectedMetrics | undefined> {
    const question = (this.#lastQuestion += 1);
    const timer = new AbortController();
    const told = new Promise<CollectedMetrics>((resolve) => this.#waiting.set(question, resolve));
    send(worker, { kind: 'tell metrics', question });
    const late = pause(patienceMilliseconds, undefined, { signal: timer.signal });
    return Promise.race([told, late.catch(() => undefined)]).finally(() => {
      timer.abort();
      this.#waiting.delete(question);
    });
  }
}

function send(worker: Worker, message: ToWorker): void {
  worker.send(message, () => undefined);
}

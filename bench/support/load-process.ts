/** A load generator: a process of its own, so that it shares no event loop with what it measures. */
import { getRequest, graphqlRequest, HttpConnection, type HttpAnswer } from './http-connection.ts';
import type { LoadJob, LoadResult } from './load-job.ts';
import { percentiles } from './statistics.ts';

class Run {
  readonly #latencies = new Map<string, number[]>();
  readonly #connections: HttpConnection[];
  readonly #requests: readonly string[];
  readonly #startedAt = performance.now();
  readonly #deadline: number;
  #sent = 0;
  #answered = 0;
  #firstOk = NaN;
  #lastOk = NaN;
  #oks = 0;

  constructor(private readonly job: LoadJob) {
    const url = new URL(job.url);
    this.#deadline = this.#startedAt + (job.seconds ?? 600) * 1000;
    this.#connections = Array.from({ length: job.connections }, () => new HttpConnection(url));
    const { query } = job;
    this.#requests = job.calls.map((call) =>
      typeof query === 'string'
        ? graphqlRequest(url, { query, ...call })
        : getRequest(url, query.path, call),
    );
  }

  async finish(): Promise<LoadResult> {
    await (this.job.rate === undefined ? this.#followAnswers() : this.#keepPace(this.job.rate));
    for (const connection of this.#connections) connection.close();
    const outcomes = Object.fromEntries(
      [...this.#latencies].map(([outcome, latencies]) => [outcome, percentiles(latencies)]),
    );
    return { perSecond: (this.#oks - 1) / ((this.#lastOk - this.#firstOk) / 1000), outcomes };
  }

  #followAnswers(): Promise<unknown> {
    return Promise.all(
      this.#connections.map(
        (connection) =>
          new Promise<void>((resolve) => {
            const next = () => {
              if (this.#isOver() || connection.closed) resolve();
              else this.#send(connection, next);
            };
            next();
          }),
      ),
    );
  }

  #keepPace(rate: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        const due = Math.floor(((performance.now() - this.#startedAt) / 1000) * rate);
        while (this.#sent < due && !this.#isOver()) {
          const free = this.#connections.find((connection) => !connection.busy);
          if (free === undefined) return; // sent as soon as one is free
          this.#send(free, () => undefined);
        }
        if (!this.#isOver() || this.#answered < this.#sent) return;
        clearInterval(timer);
        resolve();
      }, 1);
    });
  }

  #isOver(): boolean {
    return performance.now() >= this.#deadline || this.#sent >= (this.job.requests ?? Infinity);
  }

  #send(connection: HttpConnection, done: () => void): void {
    const request = this.#requests[this.#sent % this.#requests.length] ?? '';
    this.#sent += 1;
    const sentAt = performance.now();
    connection.send(request, (answer) => {
      this.#note(answer, sentAt, performance.now());
      done();
    });
  }

  #note(answer: HttpAnswer, sentAt: number, now: number): void {
    this.#answered += 1;
    const outcome = outcomeOf(answer, this.job.expected);
    const latencies = this.#latencies.get(outcome) ?? [];
    if (latencies.length === 0) this.#latencies.set(outcome, latencies);
    latencies.push(now - sentAt);
    if (outcome !== 'ok' || now > this.#deadline) return;
    if (this.#oks === 0) this.#firstOk = now;
    this.#lastOk = now;
    this.#oks += 1;
  }
}

function outcomeOf({ status, body }: HttpAnswer, expected: string): string {
  if (status === 200 && body.includes(expected)) return 'ok';
  return /"code":"([A-Z_]+)"/.exec(body)?.[1] ?? `status ${status}: ${body.slice(0, 200)}`;
}

process.on('disconnect', () => process.exit());
process.on('message', (job: LoadJob) => {
  void new Run(job).finish().then((result) => process.send?.(result));
});

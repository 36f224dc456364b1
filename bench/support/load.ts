import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { LoadJob, LoadResult } from './load-job.ts';

export interface LoadGenerator {
  /** Runs one job; jobs of one generator come one after the other. */
  run(job: LoadJob): Promise<LoadResult>;
  stop(): Promise<void>;
}

export function startLoadGenerator(): LoadGenerator {
  const child = fork(new URL('./load-process.ts', import.meta.url));
  const exited = once(child, 'exit');
  return {
    async run(job) {
      const answer = once(child, 'message').then(([result]) => result as LoadResult);
      child.send(job);
      const failure = exited.then(() => Promise.reject(new Error('The load generator ended.')));
      return Promise.race([answer, failure]);
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** The right answers of a job; anything else among them fails the run, so that no error is fast. */
export function okOf(result: LoadResult) {
  const { ok, ...others } = result.outcomes;
  const wrong = Object.entries(others).map(([outcome, { count }]) => `${count} × ${outcome}`);
  if (wrong.length > 0 || ok === undefined) {
    throw new Error(`Expected only right answers, got ${wrong.join(', ') || 'none'}.`);
  }
  return ok;
}

import { GatehouseError } from './gatehouse-error.ts';
import type { RetryPolicy } from './options.ts';

/** Tries again while the server says when, and the policy allows to wait for it. */
export async function patiently<Result>(
  attempt: () => Promise<Result>,
  policy: RetryPolicy | undefined,
  signal: AbortSignal | undefined,
): Promise<Result> {
  let waitLeft = policy?.maxWait ?? 0;
  for (let triesLeft = policy?.tries ?? 1; ; triesLeft -= 1) {
    try {
      return await attempt();
    } catch (failure) {
      const wait = waitAfter(failure);
      if (wait === undefined || triesLeft <= 1 || wait > waitLeft) throw failure;
      waitLeft -= wait;
      await pause(wait, signal);
    }
  }
}

function waitAfter(failure: unknown): number | undefined {
  const isLimit = failure instanceof GatehouseError && failure.code === 'RATE_LIMITED';
  return isLimit ? failure.retryAfter : undefined;
}

function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener('abort', end, { once: true });
  });
}

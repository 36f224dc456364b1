import type { CodeOfThread } from '../../src/adapters/bcrypt-thread.ts';

/**
 * Stands in for `src/adapters/bcrypt-thread.ts`: threads run what was built for the tests. From
 * source each of them would load tsx first, and the suite starts more than a thousand.
 */
export function codeOfThread(): CodeOfThread {
  return { filename: new URL('../../dist/bcrypt.worker.js', import.meta.url).href };
}

import type { TokenStorage } from './options.ts';

/** Keeps a token as long as the page or the process lives, out of reach of other scripts. */
export function tokenInMemory(): TokenStorage {
  let kept: string | null = null;
  return {
    get: () => kept,
    set: (token) => void (kept = token),
    clear: () => void (kept = null),
  };
}

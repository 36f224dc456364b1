import { Denial } from '../errors.ts';

interface Turns {
  /** How many wait for their turn. */
  readonly waiting: number;
  /** Runs `work` when its turn has come; denied with `SERVER_BUSY` when `maxWaiting` wait already. */
  take<T>(work: () => Promise<T>, maxWaiting?: number): Promise<T>;
}

/** Lets so many things happen at once, and the others wait in the order they came. */
export function createTurns(atOnce: number): Turns {
  const queue: (() => void)[] = [];
  let free = atOnce;
  return {
    get waiting() {
      return queue.length;
    },
    async take(work, maxWaiting = Infinity) {
      if (free > 0) free -= 1;
      else if (queue.length >= maxWaiting) {
        throw new Denial('SERVER_BUSY', 'The server is busy; try again in a moment.');
      } else await new Promise<void>((resolve) => queue.push(resolve));
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}

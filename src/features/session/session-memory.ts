import type { Remembered, SessionMemory } from '../../context.ts';
import type { UserId } from '../../identifiers.ts';

/** What a memory hears of changes through. */
export interface Ear {
  readonly isConnected: boolean;
  /** Whether everything was heard that was committed until a moment ago. */
  isCurrent(): boolean;
  /** Resolves when everything was heard that is committed at this moment, or is not current. */
  catchUp(): Promise<void>;
}

interface Entry {
  readonly userId: UserId;
  readonly value: object;
  readonly endsAt: number;
}

/** What a memory has done since the start, for the metrics. */
export interface MemoryFigures {
  readonly hits: number;
  readonly misses: number;
  readonly forgotten: number;
  readonly size: number;
  readonly isListening: boolean;
}

/**
 * Remembers what was found for at most `maxEntries` sessions, those used last. It is told of changes
 * by `forget` and `forgetAll`, and believes itself only while its ear is current: a process that
 * hears nothing reads everything, and none is wrong for longer than an ear may be late.
 */
export class BoundedSessionMemory implements SessionMemory {
  readonly #entries = new Map<string, Entry>(); // in the order of their last use
  readonly #keysOfUser = new Map<UserId, Set<string>>();
  #changes = 0;
  #hits = 0;
  #misses = 0;
  #forgotten = 0;

  constructor(
    private readonly maxEntries: number,
    private readonly ear: Ear,
  ) {}

  recall(key: string): object | undefined {
    const entry = this.ear.isCurrent() ? this.#entries.get(key) : undefined;
    if (entry === undefined || entry.endsAt <= performance.now()) {
      this.#misses += 1;
      return undefined;
    }
    this.#entries.delete(key); // and so it is the last again
    this.#entries.set(key, entry);
    this.#hits += 1;
    return entry.value;
  }

  begin(): (remembered: Remembered) => void {
    const [changes, startedAt] = [this.#changes, performance.now()];
    return ({ key, userId, value, milliseconds }) => {
      if (changes !== this.#changes || !this.ear.isConnected || milliseconds <= 0) return;
      this.#remove(key);
      this.#entries.set(key, { userId, value, endsAt: startedAt + milliseconds });
      const keys = this.#keysOfUser.get(userId) ?? new Set();
      this.#keysOfUser.set(userId, keys.add(key));
      const [oldest] = this.#entries.keys();
      if (this.#entries.size > this.maxEntries && oldest !== undefined) this.#remove(oldest);
    };
  }

  settle(): Promise<void> {
    return this.ear.catchUp();
  }

  forget(userIds: readonly UserId[]): void {
    this.#changes += 1;
    for (const userId of userIds) {
      for (const key of [...(this.#keysOfUser.get(userId) ?? [])]) {
        this.#remove(key);
        this.#forgotten += 1;
      }
    }
  }

  forgetAll(): void {
    this.#changes += 1;
    this.#forgotten += this.#entries.size;
    this.#entries.clear();
    this.#keysOfUser.clear();
  }

  figures(): MemoryFigures {
    return {
      hits: this.#hits,
      misses: this.#misses,
      forgotten: this.#forgotten,
      size: this.#entries.size,
      isListening: this.ear.isConnected,
    };
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    const keys = this.#keysOfUser.get(entry.userId);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysOfUser.delete(entry.userId);
  }
}

/** Without a memory every request reads. */
export const noSessionMemory: SessionMemory = {
  recall: () => undefined,
  begin: () => () => undefined,
  settle: async () => undefined,
};

import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { SessionMemory } from '../context.ts';
import { Listener } from '../database/listener.ts';
import {
  BoundedSessionMemory,
  noSessionMemory,
  type MemoryFigures,
} from '../features/session/session-memory.ts';
import type { UserId } from '../identifiers.ts';

interface OpenSessionMemory {
  readonly sessions: SessionMemory;
  readonly figures: () => MemoryFigures;
  close(): void;
}

/** A memory of `SESSION_CACHE_SIZE` sessions that hears of changes by what the triggers announce. */
export function openSessionMemory(
  config: Config,
  databaseUrl: string,
  log: Logger,
): OpenSessionMemory {
  const { cacheSize } = config.session;
  if (cacheSize === 0) {
    const none = { hits: 0, misses: 0, forgotten: 0, size: 0, isListening: false };
    return { sessions: noSessionMemory, figures: () => none, close: () => undefined };
  }
  const hearing = {
    onTold: (told: string) =>
      told === '*' ? memory.forgetAll() : memory.forget(told.split(' ') as UserId[]),
    onGap: () => memory.forgetAll(),
  };
  const listener = new Listener(databaseUrl, 'session_changes', hearing, log);
  const memory = new BoundedSessionMemory(cacheSize, listener);
  return {
    sessions: memory,
    figures: () => memory.figures(),
    close: () => listener.close(),
  };
}

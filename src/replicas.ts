import type { EntityManager } from 'typeorm';

/** Servers that follow the primary, for reading what may be read there. */
export interface Replicas {
  /** One that shows everything that was committed before the call; undefined when there is none. */
  findCurrent(): Promise<EntityManager | undefined>;
  /**
   * Told that reading from one has failed. Answers whether reading elsewhere may help; then this
   * one is left alone for a moment.
   */
  hasFailed(replica: EntityManager, error: unknown): boolean;
}

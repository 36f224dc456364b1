import type { EntityManager } from 'typeorm';

/**
 * Why a list is read from the primary: no replica is named, or those that are have not been reached
 * yet, are behind, or failed; or the primary does not tell how far it has committed.
 */
export const reasonsForPrimary = ['none', 'connecting', 'behind', 'failed', 'untold'] as const;
export type ReasonForPrimary = (typeof reasonsForPrimary)[number];

/** Where the lists of a request are read. */
export type FoundReplica =
  | { readonly replica: EntityManager }
  | { readonly replica: undefined; readonly reason: ReasonForPrimary };

/** Servers that follow the primary, for reading what may be read there. */
export interface Replicas {
  /** One that shows everything that was committed before the call, or why there is none. */
  findCurrent(): Promise<FoundReplica>;
  /**
   * Told that reading from one has failed. Answers whether reading elsewhere may help; then this
   * one is left alone for a moment.
   */
  hasFailed(replica: EntityManager, error: unknown): boolean;
}

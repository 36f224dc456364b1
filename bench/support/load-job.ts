import type { Percentiles } from './statistics.ts';

export interface Call {
  readonly variables?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a generator is to send, and for how long. */
export interface LoadJob {
  readonly url: string;
  readonly connections: number;
  /** A GraphQL document to post, or a path to get. */
  readonly query: string | { readonly path: string };
  /** Sent in turn, over and over. */
  readonly calls: readonly Call[];
  /** What the body of a right answer contains. */
  readonly expected: string;
  /** Ends after so many seconds or so many requests, whichever comes first. */
  readonly seconds?: number;
  readonly requests?: number;
  /** Requests a second, whatever the answers take; without it, each answer is followed by the next. */
  readonly rate?: number;
}

export interface LoadResult {
  /** Right answers a second, between the first and the last one before the end. */
  readonly perSecond: number;
  /** Latencies in milliseconds, of `ok` or of what the answer was instead, such as `SERVER_BUSY`. */
  readonly outcomes: Readonly<Record<string, Percentiles>>;
}

import type { Readable } from 'node:stream';
import type { EntityManager } from 'typeorm';
import type { Actor } from './actor.ts';
import type { IsBreached } from './breaches.ts';
import type { Config } from './config/config.ts';
import type { Branded, UserId } from './identifiers.ts';
import type { Replicas } from './replicas.ts';
import type { WebhookSender } from './posting.ts';
import type { LookUp, ReadRows } from './statement.ts';
import type { Log, Metrics, Tracer } from './tracing.ts';

export type PasswordHash = Branded<string, 'PasswordHash'>;

/** Where a call comes from: the address that limits, sessions and the audit all use. */
export interface Client {
  /** IPv4 or IPv6 text; IPv4-mapped addresses are written as IPv4. Null for Gatehouse itself. */
  readonly address: string | null;
  /** Whole, as it was sent: however long, and its digest is half of a session's fingerprint. */
  readonly userAgent: string | null;
}

/** Hashes passwords off the main thread. Both refuse with `SERVER_BUSY` when the queue is full. */
export interface PasswordHasher {
  hash(password: string): Promise<PasswordHash>;
  verify(password: string, hash: PasswordHash): Promise<boolean>;
}

/** The answer of the store to one attempt, decided in one atomic step. */
export interface Places {
  /** How many of the places asked for were taken: 0 means denied. */
  readonly granted: number;
  /** Milliseconds until the oldest place of the window is free again. */
  readonly freeInMilliseconds: number;
}

/** Keeps the places that limits hand out. It throws when it cannot be reached. */
export interface RateLimitStore {
  /**
   * Takes up to `count` of the places still free among `max` in a sliding window. What is not
   * granted takes no place, so that knocking on does not keep the door shut.
   */
  take(key: string, max: number, windowMilliseconds: number, count: number): Promise<Places>;
}

/** Encrypts what is stored and must not be readable there. */
export interface Sealer {
  seal(text: string): Buffer;
  /** Throws for what was not sealed with this secret. */
  open(sealed: Buffer): string;
}

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Message extends RenderedMail {
  /** The same for every attempt at the same mail: what providers may tell repetitions by. */
  readonly id: string;
  readonly to: string;
  readonly from: string;
}

/** A refusal that will not change is an answer; whatever may pass when tried again is thrown. */
export type Delivery =
  { readonly accepted: true } | { readonly accepted: false; readonly reason: string };

export interface MailTransport {
  /** Hands a mail to the provider, within 30 seconds. */
  send(message: Message): Promise<Delivery>;
}

/**
 * Writes a mail from its template, in the language closest to `locale`. Beside what its kind is
 * about, `values` has `email`, whom it goes to, and `time`, when it was caused, in ISO 8601.
 */
export type RenderMail = (
  kind: string,
  locale: string | null,
  values: Readonly<Record<string, string>>,
) => RenderedMail;

/** Where an address is, in English. What is not known is null. */
export interface Place {
  /** ISO 3166-1, two capital letters. */
  readonly countryCode: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly city: string | null;
}

export interface Locator {
  /** Whether callers may wait for it. One that is not is asked in a job. */
  readonly isImmediate: boolean;
  /** Undefined when nobody knows, and asking again would not help; whatever may pass is thrown. */
  locate(address: string): Promise<Place | undefined>;
}

/** Bytes of a file, the first and the last of them counted from 0. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Where files are kept. Their names are ours, `folder/name`, and never a client's. */
export interface FileStorage {
  /** Keeps a copy of a local file, whole or not at all, in the place of what had the name. */
  put(name: string, localFile: string, mimeType: string): Promise<void>;
  /** Undefined when there is no such file. */
  read(name: string, range?: ByteRange): Promise<Readable | undefined>;
  /** Removes files; those that are not there are fine. */
  remove(names: readonly string[]): Promise<void>;
}

/** Runs `work` with an empty local folder, which is removed however it ends. */
export type InTemporaryFolder = <T>(work: (folder: string) => Promise<T>) => Promise<T>;

/** A picture that was written into a file. */
export interface Picture {
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly size: number;
}

/** A picture anew, or what is wrong with what was to be one, for people. */
export type Redrawing =
  | { readonly accepted: true; readonly picture: Picture }
  | {
      readonly accepted: false;
      readonly reason: 'unsupported' | 'too large';
      readonly message: string;
    };

/** Reads and writes pictures off the main thread, a few at a time. */
export interface Pictures {
  /**
   * Writes the picture in a file of unknown content into another one: its first frame, upright, in
   * sRGB, without metadata. Denied with `SERVER_BUSY` when too many are waiting.
   */
  redraw(source: string, target: string, maxPixels: number): Promise<Redrawing>;
  /**
   * Cuts the square out of a redrawn picture that catches the eye, and writes it into files of
   * these sides, or of the side it has where that is less; the largest comes first.
   */
  cutSquares(
    source: string,
    squares: readonly { readonly side: number; readonly target: string }[],
  ): Promise<Picture[]>;
}

/** What was found for session tokens, as long as nothing of it has changed, on whatever instance. */
export interface SessionMemory {
  /** What is remembered under a key; undefined also when it cannot be known to be still true. */
  recall(key: string): object | undefined;
  /**
   * Called before reading what is to be remembered. What it returns remembers it, unless anything
   * was changed since: it may have been read before the change.
   */
  begin(): (remembered: Remembered) => void;
  /** Resolves when nothing is recalled any more that was committed otherwise before the call. */
  settle(): Promise<void>;
}

export interface Remembered {
  readonly key: string;
  /** Whose it is: a change that concerns this user ends it. */
  readonly userId: UserId;
  readonly value: object;
  /** How long it is good, counted from `begin`. */
  readonly milliseconds: number;
}

/** The ports to the outside world; adapters implement them, `main` and tests wire them. */
interface Ports {
  readonly passwords: PasswordHasher;
  /** Undefined when nobody is to be asked. */
  readonly isBreached: IsBreached | undefined;
  readonly lookUp: LookUp;
  readonly readRows: ReadRows;
  readonly sessions: SessionMemory;
  readonly rateLimits: RateLimitStore;
  /** The same store behind leases, for the limit that every request meets. */
  readonly requestLimits: RateLimitStore;
  readonly replicas: Replicas;
  readonly metrics: Metrics;
  /** Undefined when nobody receives traces. */
  readonly tracer: Tracer | undefined;
  readonly sealer: Sealer;
  readonly webhooks: WebhookSender;
  readonly mail: MailTransport;
  readonly renderMail: RenderMail;
  /** Undefined when nobody is to be located. */
  readonly locator: Locator | undefined;
  readonly files: FileStorage;
  readonly inTemporaryFolder: InTemporaryFolder;
  readonly pictures: Pictures;
}

/** What one call may touch. Services take it first and pass it on. */
export interface Ctx {
  readonly config: Config;
  readonly db: EntityManager;
  readonly ports: Ports;
  readonly log: Log;
  readonly actor: Actor;
  readonly client: Client;
  readonly requestId: string;
  /** What was loaded for this request, by the function that loads it. */
  readonly loaders: Map<unknown, unknown>;
  /** The replica this request's lists come from, once found; undefined where only `db` will do. */
  readonly reading: { replica: EntityManager | undefined } | undefined;
}

declare const transactional: unique symbol;
/** A context whose statements are one transaction. What must not be half-done asks for a `Tx`. */
export type Tx = Ctx & {
  readonly [transactional]: true;
  /** What comes last, when `work` has done everything else. */
  readonly endings: ((tx: Tx) => Promise<void>)[];
};

/**
 * Runs `work` in one transaction: all of it commits, or a throw leaves nothing behind.
 * Name the inner parameter like the outer one, so that nothing can slip past the transaction.
 */
export function transaction<T>(ctx: Ctx, work: (tx: Tx) => Promise<T>): Promise<T> {
  return ctx.db.transaction(async (db) => {
    const tx = { ...ctx, db, reading: undefined, endings: [] as Tx['endings'] } as Tx;
    const result = await work(tx);
    for (const end of tx.endings) await end(tx);
    return result;
  });
}

export function isTransaction(ctx: Ctx): ctx is Tx {
  return 'endings' in ctx;
}

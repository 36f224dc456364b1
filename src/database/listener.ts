import pg from 'pg';
import type { Logger } from 'pino';

export interface Hearing {
  /** What a committed transaction has told. */
  onTold(payload: string): void;
  /** Something may have been missed: before anything is heard, and whenever the connection ends. */
  onGap(): void;
}

// What others changed is known here after this time, or nothing that is remembered counts.
const currentMilliseconds = 100;
// So often, while anybody asks, the connection proves that it hears: in time for the next.
const proveMilliseconds = 40;
const silenceMilliseconds = 2_000;
const retryMilliseconds = 250;
const connectMilliseconds = 5_000;

/**
 * Hears what transactions tell by `NOTIFY` on one channel, over a connection of its own: not one of
 * the pool, and not one of a pooler that changes hands with every transaction.
 *
 * A connection can be dead without knowing. PostgreSQL hands over everything it has been told before
 * it answers a statement, so an answer proves that all was heard that was committed before the
 * statement left. `isCurrent` asks for such proofs as it is itself asked, and for none when idle; a
 * process that never asks opens no connection.
 */
export class Listener {
  #client: pg.Client | undefined;
  #provenAt = -Infinity;
  /** When the proof that is under way left. */
  #leftAt: number | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #opened = false;
  #closed = false;

  constructor(
    private readonly url: string,
    private readonly channel: string,
    private readonly hearing: Hearing,
    private readonly log: Logger,
  ) {}

  get isConnected(): boolean {
    return this.#client !== undefined;
  }

  /** Whether everything was heard that was committed until a tenth of a second ago. */
  isCurrent(): boolean {
    if (!this.#opened) this.#connect();
    if (this.#client === undefined) return false;
    const now = performance.now();
    if (this.#leftAt === undefined) {
      if (now - this.#provenAt > proveMilliseconds) void this.#prove();
    } else if (now - this.#leftAt > silenceMilliseconds) {
      const silent = this.#client;
      this.#lost(silent);
      void silent.end(); // and not politely, since a statement is under way
    }
    return now - this.#provenAt <= currentMilliseconds;
  }

  /**
   * Resolves when everything was heard that is committed at this moment; where that cannot be had,
   * when it is so long ago that `isCurrent` no longer holds without it.
   */
  async catchUp(): Promise<void> {
    if (this.#client === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const lapsed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, currentMilliseconds + 1);
    });
    await Promise.race([this.#prove(), lapsed]);
    clearTimeout(timer);
  }

  /** Without waiting for a server that may not answer. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    void this.#client?.end();
  }

  /** A proof that leaves from now on. One under way may have left too early; the next one serves all. */
  #prove(): Promise<void> {
    if (this.#leftAt === undefined) {
      this.#underWay = this.#ask();
      return this.#underWay;
    }
    this.#next ??= this.#underWay.then(() => {
      this.#next = undefined;
      this.#underWay = this.#ask();
      return this.#underWay;
    });
    return this.#next;
  }

  async #ask(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    const leftAt = performance.now();
    this.#leftAt = leftAt;
    try {
      await client.query('SELECT');
      if (client === this.#client) this.#provenAt = leftAt;
    } catch {
      // The connection has ended, and with it what was remembered.
    } finally {
      this.#leftAt = undefined;
    }
  }

  #connect(): void {
    this.#opened = true;
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'gatehouse-listener',
      connectionTimeoutMillis: connectMilliseconds,
      query_timeout: connectMilliseconds, // a server can fall silent between the two
      keepAlive: true,
    });
    client.on('error', () => undefined); // 'end' follows
    client.on('notification', ({ payload = '' }) => this.hearing.onTold(payload));
    client.on('end', () => this.#lost(client));
    void client
      .connect()
      .then(() => client.query(`LISTEN ${this.channel}`))
      .then(
        () => this.#heard(client),
        (error: unknown) => {
          if (!this.#closed)
            this.log.warn({ err: error }, 'the connection that hears of changes cannot be made');
          void client.end().catch(() => undefined);
          this.#retryLater();
        },
      );
  }

  #heard(client: pg.Client): void {
    if (this.#closed) return void client.end();
    this.hearing.onGap();
    this.#client = client;
  }

  #lost(client: pg.Client): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    this.#provenAt = -Infinity;
    this.hearing.onGap();
    if (this.#closed) return;
    this.log.warn('the connection that hears of changes was lost');
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), retryMilliseconds);
  }
}

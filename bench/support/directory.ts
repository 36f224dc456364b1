import type pg from 'pg';
import { hashSessionToken, newSessionToken } from '../../src/features/session/session.token.ts';
import { stopping, type Bench } from './bench.ts';
import { onDatabase } from './database.ts';
import { startGatehouse } from './gatehouse.ts';
import { graphqlRequest, HttpConnection } from './http-connection.ts';

/** Asks Gatehouse as its Owner, one request at a time, and the database past it. */
export interface Directory {
  readonly client: pg.Client;
  /** The Owner's session, as the database has it. */
  readonly sessionHash: Buffer;
  /** The body of the answer; anything but the right one ends the run. */
  readonly ask: (query: string, variables?: Readonly<Record<string, unknown>>) => Promise<string>;
}

/** Runs `work` with a Gatehouse and a connection to its database. */
export function withDirectory<T>(
  bench: Bench,
  work: (directory: Directory) => Promise<T>,
): Promise<T> {
  return stopping(async (stopLater) => {
    const gatehouse = stopLater(await startGatehouse({ DATABASE_URL: bench.databaseUrl }));
    return onDatabase(bench.databaseUrl, async (client) => {
      const token = newSessionToken();
      const sessionHash = hashSessionToken(token);
      await client.query(openSession, [sessionHash]);
      const url = new URL(gatehouse.url);
      const connection = new HttpConnection(url);
      const ask = async (query: string, variables = {}) => {
        const request = graphqlRequest(url, { query, variables, token });
        const { status, body } = await connection.request(request);
        if (status !== 200 || body.includes('"errors"')) throw new Error(`${status}: ${body}`);
        return body;
      };
      try {
        return await work({ client, sessionHash, ask });
      } finally {
        connection.close();
      }
    });
  });
}

const openSession = `
  INSERT INTO sessions (id, user_id, token_hash, ip_address, user_agent, last_seen_at, expires_at,
    created_at)
  SELECT uuidv7(), id, $1, '127.0.0.1', 'gatehouse-bench', now(), now() + interval '1 day', now()
  FROM users WHERE username = 'person1'`;

/**
 * Runs what is going to be measured often enough for V8 to have compiled it: a server that has just
 * started takes three times as long, which says something of the first seconds after a start alone.
 */
export async function warmUp(...works: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (let run = 0; run < 500; run += 1) for (const work of works) await work();
}

/** Milliseconds that each of `count` runs took, after some that do not count. */
export async function timesOf(
  count: number,
  work: (run: number) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  for (let run = -20; run < count; run += 1) {
    const startedAt = performance.now();
    await work(Math.abs(run));
    if (run >= 0) times.push(performance.now() - startedAt);
  }
  return times;
}

import type { Pool, PoolClient } from 'pg';
import type { Socket } from 'node:net';

// PostgreSQL itself ends a statement after 30 seconds (data-source.ts), and is silent until then.
const patienceMilliseconds = 35_000;

/**
 * Ends the pool's connections whose server does not answer a statement. One that is frozen, or that
 * the network no longer reaches, neither answers nor hangs up, and no timeout of its own runs:
 * requests would wait for ever and hold every connection.
 *
 * For pools whose statements all have PostgreSQL's timeout: commands, which lift it, wait as long as
 * they must.
 */
export function endSilentConnections(pool: Pool, milliseconds = patienceMilliseconds): void {
  const watched = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    const { stream } = insideOf(client).connection;
    // Counted from the last byte in either direction, and so also while nothing is asked.
    stream.setTimeout(milliseconds, () => {
      if (insideOf(client).readyForQuery) return;
      stream.destroy(new Error(`Connection terminated: no answer for ${milliseconds} ms`));
    });
  });
}

/** What pg's types do not say of a client. */
function insideOf(client: PoolClient) {
  return client as unknown as {
    readonly connection: { readonly stream: Socket };
    /** Whether every statement has been answered. */
    readonly readyForQuery: boolean;
  };
}

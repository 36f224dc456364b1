import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Wire {
  /** The database as it is reached over the wire. */
  readonly url: string;
  /** From now on no connection passes anything on, without a word. Those made later do. */
  freeze(): void;
}

/**
 * What is between a server and PostgreSQL. What PostgreSQL says to a connection that calls itself
 * `slow.name` is on its way for so long.
 */
export async function startWire(
  databaseUrl: string,
  slow?: { readonly name: string; readonly milliseconds: number },
): Promise<Wire> {
  const target = new URL(databaseUrl);
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    let delay = 0;
    client.once('data', (greeting) => {
      if (slow && greeting.toString('latin1').includes(slow.name)) delay = slow.milliseconds;
    });
    client.on('data', (data) => void database.write(data));
    database.on('data', (data) => {
      if (delay === 0) client.write(data);
      else setTimeout(() => client.write(data), delay);
    });
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      sockets.push(one);
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const url = new URL(target.href);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const freeze = () => {
    for (const socket of sockets) socket.pause();
  };
  return { url: url.href, freeze };
}

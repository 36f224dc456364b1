import { createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';

export interface Pooler {
  /** The database through the pooler, which has two connections to it. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A connection to the database, and the client whose transaction it runs. */
interface Backend {
  readonly socket: Socket;
  client: Socket | undefined;
  /** Answers to what was sent that are still to come. */
  pending: number;
}

/** What a pooler lets a client choose for its connection, as PgBouncer does by default. */
const allowed = ['user', 'database', 'application_name', 'client_encoding'];

/**
 * A pooler in transaction mode as far as its clients can tell: two connections to the database, and
 * each transaction on any of them. It lets everybody in and keeps nothing of a session.
 */
export async function startPoolerDouble(databaseUrl: string): Promise<Pooler> {
  const owners = [databaseUrl, databaseUrl].map((url) => new pg.Client({ connectionString: url }));
  const backends = await Promise.all(owners.map(takeOver));
  const waiting: { readonly client: Socket; readonly messages: Buffer[] }[] = [];
  const clients = new Set<Socket>();

  const backendOf = (client: Socket) => backends.find((backend) => backend.client === client);

  function send(client: Socket, message: Buffer): void {
    const queued = waiting.find((one) => one.client === client);
    if (queued !== undefined) return void queued.messages.push(message);
    const held = backendOf(client);
    const idle = backends.filter((backend) => backend.client === undefined);
    const backend = held ?? idle[Math.floor(Math.random() * idle.length)];
    if (backend === undefined) return void waiting.push({ client, messages: [message] });
    backend.client = client;
    // A simple query and a Sync are answered by ReadyForQuery.
    if ('QS'.includes(typeOf(message))) backend.pending += 1;
    backend.socket.write(message);
  }

  function receive(backend: Backend, message: Buffer): void {
    backend.client?.write(message);
    if (typeOf(message) !== 'Z') return;
    backend.pending -= 1;
    if (backend.pending > 0 || message.at(-1) !== 'I'.charCodeAt(0)) return;
    backend.client = undefined;
    const next = waiting.shift();
    if (next) for (const queued of next.messages) send(next.client, queued);
  }

  for (const backend of backends) {
    backend.socket.on(
      'data',
      framing((message) => receive(backend, message)),
    );
  }
  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => undefined);
    client.once('data', (greeting) => {
      welcome(client, greeting);
      client.on(
        'data',
        framing((message) => typeOf(message) !== 'X' && send(client, message)),
      );
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    stop: async () => {
      for (const socket of [...clients, ...backends.map((one) => one.socket)]) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const typeOf = (message: Buffer) => String.fromCharCode(message[0] ?? 0);

/** A connection that the library has opened; from then on its messages are ours. */
async function takeOver(owner: pg.Client): Promise<Backend> {
  await owner.connect();
  const { stream } = (owner as unknown as { connection: { stream: Socket } }).connection;
  stream.removeAllListeners();
  stream.on('error', () => undefined);
  return { socket: stream, client: undefined, pending: 0 };
}

/** Lets a client in, or refuses it for a setting that a connection of others must not have. */
function welcome(client: Socket, greeting: Buffer): void {
  const words = greeting.subarray(8).toString('latin1').split('\0');
  const names = words.filter((_, place) => place % 2 === 0 && words[place] !== '');
  const refused = names.find((name) => !allowed.includes(name));
  if (refused === undefined) {
    client.write(Buffer.concat([packed('R', '\0\0\0\0'), packed('Z', 'I')]));
  } else {
    const text = `unsupported startup parameter: ${refused}`;
    client.end(packed('E', `SFATAL\0C08P01\0M${text}\0\0`));
  }
}

function packed(type: string, body: string): Buffer {
  const message = Buffer.alloc(5 + body.length);
  message.write(type + '\0\0\0\0' + body, 'latin1');
  message.writeInt32BE(4 + body.length, 1);
  return message;
}

/** Cuts what arrives into messages, each with its type and its length. */
function framing(take: (message: Buffer) => unknown): (data: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (data) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const length = 1 + rest.readInt32BE(1);
      take(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  };
}

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { poll } from '../support/mailbox.ts';

/** What the server under test needs to reach a receiver in this process. */
export const reachable = { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' };

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: {
    readonly type: string;
    readonly timestamp: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

export interface Receiver {
  readonly url: string;
  /** Everything that came, whatever it was answered with. */
  readonly received: readonly Received[];
  /** Answers nothing from now on, and keeps what comes open. */
  hang(): void;
  /** How many requests it has not answered. */
  readonly open: number;
  /** What it answers from now on, by what came. */
  answerWith(status: number | ((received: Received) => number)): void;
  /** What came of some types about a user, once there are as many. */
  about(userId: string, count: number, ...types: string[]): Promise<Received[]>;
  stop(): Promise<void>;
}

/** Another server that takes webhooks. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let answer: ((received: Received) => number) | undefined = () => 204;
  let open = 0;
  const server = createServer((request, response) => {
    open += 1;
    response.on('close', () => (open -= 1));
    void text(request).then((body) => {
      const event = JSON.parse(body) as Received['event'];
      received.push({ headers: request.headers, body, event });
      if (answer === undefined) return;
      const status = answer({ headers: request.headers, body, event });
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('thanks');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    hang() {
      answer = undefined;
    },
    get open() {
      return open;
    },
    answerWith(status) {
      answer = typeof status === 'number' ? () => status : status;
    },
    about: (userId, count, ...types) =>
      poll(20_000, `${count} of ${types.join(', ')} did not arrive`, async () => {
        const found = received.filter(
          ({ event }) => event.data.id === userId && (!types.length || types.includes(event.type)),
        );
        return found.length >= count ? found : undefined;
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Verifies a request as a receiver does, with a library that knows nothing of Gatehouse. */
export function verify(secret: string, { body, headers }: Received): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

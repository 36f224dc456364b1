import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request as SendGrid's Web API v3 would get it. */
interface SendGridRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly personalizations: readonly {
      readonly to: readonly { readonly email: string }[];
      readonly custom_args?: Readonly<Record<string, string>>;
    }[];
    readonly from: { readonly email: string; readonly name?: string };
    readonly subject: string;
    readonly content: readonly { readonly type: string; readonly value: string }[];
    readonly custom_args?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly tracking_settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}

/** A status with the messages of its errors; `'never'` keeps the caller waiting. */
type Reply = { readonly status: number; readonly errors?: readonly string[] } | 'never';

export interface SendGridDouble {
  readonly url: string;
  readonly requests: readonly SendGridRequest[];
  /** What it answers from now on, one after another; then it accepts everything. */
  answer(...replies: Reply[]): void;
}

/** A server that speaks SendGrid's `POST /v3/mail/send`. It is gone after the test. */
export async function startSendGridDouble(): Promise<SendGridDouble> {
  const requests: SendGridRequest[] = [];
  let replies: Reply[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { url: path = '', headers } = request;
      requests.push({ path, headers, body: JSON.parse(body) as SendGridRequest['body'] });
      const reply = replies.shift() ?? { status: 202 };
      if (reply === 'never') return;
      response.writeHead(reply.status, { 'content-type': 'application/json' });
      const errors = reply.errors?.map((message) => ({ message, field: null, help: null }));
      response.end(errors && JSON.stringify({ errors }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer: (...next) => {
      replies = next;
    },
  };
}

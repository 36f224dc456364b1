import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  /** 0 when the connection broke before the answer was complete. */
  readonly status: number;
  readonly body: string;
}

/**
 * One keep-alive connection, one request at a time. On a small machine the generator shares the
 * cores with what it measures, so it does no more per answer than finding where the answer ends.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received = '';
  #answer: ((answer: HttpAnswer) => void) | null = null;

  constructor(url: URL) {
    this.#socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    this.#socket.setEncoding('latin1'); // a character for each byte, as content-length counts
    this.#socket.on('data', (text: string) => this.#read(text));
    this.#socket.on('error', () => undefined); // 'close' follows
    this.#socket.on('close', () => this.#settle({ status: 0, body: 'the connection was closed' }));
  }

  get busy(): boolean {
    return this.#answer !== null;
  }

  get closed(): boolean {
    return this.#socket.destroyed;
  }

  send(request: string, answer: (answer: HttpAnswer) => void): void {
    this.#answer = answer;
    if (this.#socket.destroyed) this.#settle({ status: 0, body: 'the connection is closed' });
    else this.#socket.write(request, 'latin1');
  }

  request(request: string): Promise<HttpAnswer> {
    return new Promise((resolve) => this.send(request, resolve));
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    const headersEnd = this.#received.indexOf('\r\n\r\n');
    if (headersEnd < 0) return;
    const headers = this.#received.slice(0, headersEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(headers)?.[1] ?? NaN);
    if (Number.isNaN(length)) {
      this.#settle({ status: 0, body: 'an answer without content-length' });
      this.close();
      return;
    }
    const bodyStart = headersEnd + 4;
    if (this.#received.length < bodyStart + length) return;
    const body = this.#received.slice(bodyStart, bodyStart + length);
    this.#received = '';
    this.#settle({ status: Number(headers.slice(9, 12)), body });
  }

  #settle(answer: HttpAnswer): void {
    const settle = this.#answer;
    this.#answer = null;
    settle?.(answer);
  }
}

/** The bytes of a GraphQL request, one character each. */
export function graphqlRequest(
  url: URL,
  call: { readonly query: string; readonly variables?: unknown; readonly token?: string },
): string {
  const { query, variables, token } = call;
  const body = Buffer.from(JSON.stringify({ query, variables })).toString('latin1');
  return [
    'POST /graphql HTTP/1.1',
    `host: ${url.host}`,
    'user-agent: gatehouse-bench',
    'content-type: application/json',
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    `content-length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

export function getRequest(url: URL, path: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`;
}

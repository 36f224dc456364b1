import { connect, type Socket } from 'node:net';
import type { Call } from './load-job.ts';

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
    if (/\r\ntransfer-encoding: chunked/i.test(headers)) return this.#readChunked(headersEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(headers)?.[1] ?? NaN);
    if (Number.isNaN(length)) {
      this.#settle({ status: 0, body: 'an answer without content-length' });
      this.close();
      return;
    }
    const bodyStart = headersEnd + 4;
    if (this.#received.length < bodyStart + length) return;
    this.#finish(this.#received.slice(bodyStart, bodyStart + length));
  }

  /** A server that does not know how much it will send; the sizes of the pieces stay in the body. */
  #readChunked(headersEnd: number): void {
    if (!this.#received.endsWith('\r\n0\r\n\r\n')) return;
    this.#finish(this.#received.slice(headersEnd + 4));
  }

  #finish(body: string): void {
    const status = Number(this.#received.slice(9, 12));
    this.#received = '';
    this.#settle({ status, body });
  }

  #settle(answer: HttpAnswer): void {
    const settle = this.#answer;
    this.#answer = null;
    settle?.(answer);
  }
}

/** The bytes of a GraphQL request, one character each. */
export function graphqlRequest(url: URL, call: Call & { readonly query: string }): string {
  const { query, variables } = call;
  const body = Buffer.from(JSON.stringify({ query, variables })).toString('latin1');
  return [
    ...headOf('POST /graphql', url, call),
    'content-type: application/json',
    `content-length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

export function getRequest(url: URL, path: string, call: Call = {}): string {
  return [...headOf(`GET ${path}`, url, call), '', ''].join('\r\n');
}

function headOf(target: string, url: URL, { token, headers = {} }: Call): string[] {
  return [
    `${target} HTTP/1.1`,
    `host: ${url.host}`,
    'user-agent: gatehouse-bench',
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
}

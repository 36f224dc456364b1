import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { updateMutation } from './avatars.ts';

const boundary = 'the-boundary-of-a-test';

const part = (name: string, content: string) =>
  `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`;

/** The parts of an upload before the bytes of its file. */
export function beforeFile(fields: { operations?: string; map?: string } = {}): string {
  const operations = JSON.stringify({ query: updateMutation, variables: { file: null } });
  return [
    part('operations', fields.operations ?? operations),
    part('map', fields.map ?? '{"0":["variables.file"]}'),
    `--${boundary}\r\ncontent-disposition: form-data; name="0"; filename="a.jpg"\r\n`,
    'content-type: image/jpeg\r\n\r\n',
  ].join('');
}

export const afterFile = `\r\n--${boundary}--\r\n`;

export interface RawUpload {
  readonly socket: Socket;
  /** All that has come back so far. */
  readonly received: () => string;
  /** How the connection ended: `end` when we were told so properly, else the code of the error. */
  readonly ended: Promise<string>;
}

/** Begins an upload over a connection of its own, of which the test sends the body itself. */
export function beginUpload(
  url: string,
  headers: Readonly<Record<string, string>>,
  length: number,
): RawUpload {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  const ended = new Promise<string>((resolve) => {
    socket.once('end', () => resolve('end'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
  const all = {
    host: `${hostname}:${port}`,
    'apollo-require-preflight': 'true',
    'content-type': `multipart/form-data; boundary=${boundary}`,
    'content-length': String(length),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST /graphql HTTP/1.1\r\n${lines.join('')}\r\n`);
  return { socket, received: () => text, ended };
}

/** Sends so many bytes as fast as they are taken, until all are or the connection is over. */
export async function sendBytes({ socket }: RawUpload, count: number): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  let sent = 0;
  while (sent < count && !socket.destroyed && !socket.readableEnded) {
    const bytes = chunk.subarray(0, Math.min(chunk.length, count - sent));
    sent += bytes.length;
    if (!socket.write(bytes)) await Promise.race([drained(socket), pause(2_000)]);
  }
  return sent;
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['drain', 'close', 'end', 'error']) socket.once(event, () => resolve());
  });
}

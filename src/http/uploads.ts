import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readMultipart } from './multipart.ts';

// What may still arrive of a request that has been answered, and for how long: three times the
// largest picture, as slowly as any request may come. Browsers send all before they listen.
const lingerBytes = 32 * 1024 * 1024;
const lingerMilliseconds = 30_000;

/** Lets the routes of `app` take GraphQL multipart requests. */
export function acceptUploads(app: FastifyInstance, maxFieldBytes: number): void {
  app.addContentTypeParser('multipart/form-data', (request: FastifyRequest) =>
    readMultipart(request.raw, maxFieldBytes),
  );
  app.addHook('onSend', (request, reply, payload, done) => {
    if (!request.raw.complete) {
      reply.header('connection', 'close');
      endGently(request.raw);
    }
    done(null, payload);
  });
}

/**
 * Ends the connection after an answer that came before the whole request did. Closed at once, it
 * would be reset, and the answer lost where the sender is still sending. So our end is closed, and
 * what comes is thrown away unread, until the sender has seen the answer or sent too much.
 */
function endGently(request: IncomingMessage): void {
  const { socket } = request;
  socket.destroySoon = () => {
    socket.end();
    const timer = setTimeout(() => socket.destroy(), lingerMilliseconds);
    socket.once('close', () => clearTimeout(timer));
    request.unpipe();
    let arrived = 0;
    request.on('data', (chunk: Buffer) => {
      arrived += chunk.length;
      if (arrived > lingerBytes) socket.destroy();
    });
    request.once('end', () => socket.destroy());
    request.resume();
  };
}

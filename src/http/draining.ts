import type { FastifyInstance } from 'fastify';

// What is in flight may wait for the queue of passwords; the process is given little more.
const patienceMilliseconds = 20_000;

/**
 * Ends the connections of a server that closes: each after the answer it waits for, and those on
 * which nothing was asked when the last answer is out. Node would wait for a browser that opened
 * a connection ahead of time, and for one that keeps its connection for later.
 */
export function drainOnClose(app: FastifyInstance): void {
  let isClosing = false;
  let answering = 0;
  const endWhenDone = () => {
    if (isClosing && answering === 0) app.server.closeAllConnections();
  };
  app.addHook('onRequest', (_, reply, done) => {
    answering += 1;
    reply.raw.once('close', () => {
      answering -= 1;
      endWhenDone();
    });
    done();
  });
  app.addHook('onSend', (_, reply, payload, done) => {
    if (isClosing) reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('preClose', (done) => {
    isClosing = true;
    setTimeout(() => app.server.closeAllConnections(), patienceMilliseconds).unref();
    endWhenDone();
    done();
  });
}

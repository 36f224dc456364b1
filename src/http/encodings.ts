import type { FastifyInstance } from 'fastify';

/**
 * Refuses compressed bodies on the routes of `app`: a kilobyte can grow to a megabyte, and what is
 * sent here is small. Read as it is, one would pass for JSON with a mistake in it; so the sender is
 * told what is wrong, by RFC 9110, 15.5.16, before anything of it is read.
 */
export function refuseCompressed(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (/^identity$/i.test(encoding.trim())) {
      done();
      return;
    }
    reply.header('accept-encoding', 'identity');
    done(Object.assign(new Error('Compressed requests are not read.'), { statusCode: 415 }));
  });
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isAdministrator } from '../actor.ts';
import type { RequestCtx } from '../graphql/request-context.ts';
import type { Config } from '../config/config.ts';

// Monaco, GraphiQL's editor, writes style elements; everything else comes from our own files.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

// The build lies beside the bundle that runs; run from source, it lies in `dist`.
const folder = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, '../../dist/playground')
  : join(import.meta.dirname, 'playground');

/**
 * The playground: `GET /` and the files it loads. In production only administrators get it; who
 * is not signed in as one gets the sign-in form instead.
 */
export async function servePlayground(
  app: FastifyInstance,
  config: Config,
  contextOf: (request: FastifyRequest, reply: FastifyReply) => Promise<RequestCtx>,
): Promise<void> {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const signInPage = page.replace('data-mode="playground"', 'data-mode="sign-in"');
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/playground/',
    index: false,
    preCompressed: true,
    immutable: true, // the names carry a digest of the content
    maxAge: '365d',
  });
  app.get('/', async (request, reply) => {
    const open = !config.production || isAdministrator((await contextOf(request, reply)).actor);
    return reply
      .code(open ? 200 : 401)
      .headers({
        'content-security-policy': contentSecurityPolicy,
        'cache-control': 'no-store',
      })
      .type('text/html; charset=utf-8')
      .send(open ? page : signInPage);
  });
}

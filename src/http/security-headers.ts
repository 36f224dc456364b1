import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';

/**
 * The headers of every answer, by the OWASP HTTP Headers Cheat Sheet. They are the same for all,
 * so they are written down once: having a library work them out for each request cost a tenth of
 * its time. Answers are about one caller and so never stored; the playground sets its own policy.
 */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
} as const;

const overTls = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } as const;

export function setSecurityHeaders(app: FastifyInstance, config: Config): void {
  const all = config.production ? { ...headers, ...overTls } : headers;
  app.addHook('onRequest', (_, reply, done) => {
    reply.headers(all);
    done();
  });
}

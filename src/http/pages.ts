import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import { escapeHtml } from '../text.ts';

// The pages hold tokens and passwords: everything comes from our own files and goes to our own
// server, no text can become markup, and nobody may frame them.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "trusted-types 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

// The build lies beside the bundle that runs; run from source, it lies in `dist`.
const folder = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, '../../dist/pages')
  : join(import.meta.dirname, 'pages');

const paths = ['/confirm', '/reset-password', '/confirm-email'] as const;

/**
 * The pages behind the links in mails: `GET /confirm`, `/reset-password`, `/confirm-email` and the
 * files they load. They are the same for every caller and look at no token: a GET redeems nothing.
 */
export async function servePages(app: FastifyInstance, config: Config): Promise<void> {
  const page = fillIn(readFileSync(join(folder, 'index.html'), 'utf8'), config);
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/pages/',
    decorateReply: false,
    index: false,
    allowedPath: (path) => !path.endsWith('.html'), // only to be had filled in
    preCompressed: true,
    immutable: true, // the names carry a digest of the content
    maxAge: '365d',
  });
  for (const path of paths) {
    app.get(path, (_, reply) =>
      reply
        .header('content-security-policy', contentSecurityPolicy)
        .type('text/html; charset=utf-8')
        .send(page),
    );
  }
}

/** Writes what the operator has chosen into the page. */
function fillIn(page: string, { http, password }: Config): string {
  const { minLength, requireUppercase, requireLowercase, requireDigit, requireSpecial } = password;
  const policy = { minLength, requireUppercase, requireLowercase, requireDigit, requireSpecial };
  const values = { appName: http.appName, passwordPolicy: JSON.stringify(policy) };
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(`{{${name}}}`, () => escapeHtml(value)),
    page,
  );
}

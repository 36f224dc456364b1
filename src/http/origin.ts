import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';

/**
 * Whether the page that sent a request is Gatehouse's own or one `ALLOWED_ORIGINS` names.
 * Browsers send `Origin` with every POST; a request without one proves nothing and is not trusted.
 */
export function isFromTrustedOrigin(config: Config, request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  if (config.http.allowedOrigins.includes(origin)) return true;
  if (config.http.appUrl !== undefined && new URL(config.http.appUrl).origin === origin)
    return true;
  return new URL(origin).host === host;
}

import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/config.ts';

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

/**
 * Where the sender of a request reaches us: at the host that was asked for. `APP_URL` says how, if
 * it is that host; it may also be an application elsewhere, which serves nothing of ours.
 */
export function publicUrlOf(
  { address }: { readonly address: { readonly url: string } },
  request: FastifyRequest,
): string {
  const asked = `${request.protocol}://${request.host}`;
  if (asked === address.url) return asked; // nearly always, and nothing to be parsed
  if (!URL.canParse(asked) || new URL(asked).host === new URL(address.url).host) return address.url;
  return new URL(asked).origin;
}

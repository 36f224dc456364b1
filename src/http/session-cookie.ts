import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/config.ts';
import type { SessionCookie } from '../graphql/request-context.ts';

// `__Host-` binds the cookie to this very host, over TLS (RFC 6265bis, 4.1.3.2).
const secureName = '__Host-gatehouse';
// Browsers refuse `Secure` cookies of plain http pages: the one exception is for trying it out.
const developmentName = 'gatehouse';

const isLoopback = (hostname: string) => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

function isPlain(config: Config, request: FastifyRequest): boolean {
  return !config.production && request.protocol === 'http' && isLoopback(request.hostname);
}

function cookieName(config: Config, request: FastifyRequest): string {
  return isPlain(config, request) ? developmentName : secureName;
}

export function readSessionCookie(config: Config, request: FastifyRequest): string | undefined {
  return request.cookies[cookieName(config, request)];
}

/** Writes the session cookie of a response. Scripts cannot read it; foreign pages do not send it. */
export function sessionCookieOf(
  config: Config,
  request: FastifyRequest,
  reply: FastifyReply,
): SessionCookie {
  const name = cookieName(config, request);
  const attributes = {
    path: '/',
    httpOnly: true,
    secure: !isPlain(config, request),
    sameSite: 'lax',
  } as const;
  return {
    set: (token, expires) =>
      void reply.setCookie(name, token, { ...attributes, ...(expires && { expires }) }),
    clear: () => void reply.clearCookie(name, attributes),
  };
}

import { isIP, isIPv4 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Client } from '../context.ts';

const maxUserAgentLength = 500;

/**
 * Where a request comes from, for limits, sessions and the audit alike. Fastify walks
 * `X-Forwarded-For` from the right as far as `TRUST_PROXY` says; what it finds there and is no
 * address is ignored in favour of the peer's own.
 */
export function clientOf(request: FastifyRequest): Client {
  const userAgent = request.headers['user-agent']?.slice(0, maxUserAgentLength) ?? null;
  return { address: normalized(request.ip) ?? normalized(request.socket.remoteAddress), userAgent };
}

/** An address as text PostgreSQL takes: without a zone, IPv4-mapped IPv6 as IPv4. */
function normalized(address: string | undefined): string | null {
  const [plain = ''] = (address ?? '').split('%', 1);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  return isIP(plain) === 0 ? null : plain.toLowerCase();
}

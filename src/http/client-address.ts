import { isIPv4, isIPv6, SocketAddress } from 'node:net';
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

/**
 * An address as text PostgreSQL takes, without a zone. IPv6 is written as the system writes it, so
 * that every spelling of an IPv4-mapped address is recognised and becomes the IPv4 one.
 */
function normalized(address: string | undefined): string | null {
  const [plain = ''] = (address ?? '').split('%', 1);
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return null;
  const written = new SocketAddress({ address: plain, family: 'ipv6' }).address;
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(written)?.[1] ?? written;
}

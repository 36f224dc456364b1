import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/**
 * An address as PostgreSQL and we write it, without a zone; null for what is no address. IPv6 is
 * written as the system writes it, so that every spelling of an IPv4-mapped address is recognised
 * and becomes the IPv4 one.
 */
export function normalizeAddress(text: string | null | undefined): string | null {
  const [plain = ''] = (text ?? '').split('%', 1);
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return null;
  const written = new SocketAddress({ address: plain, family: 'ipv6' }).address;
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(written)?.[1] ?? written;
}

// What the columns of user agents hold. Longer ones are told apart by their digest.
const maxStoredUserAgent = 500;

/** As much of a user agent as is stored. */
export function storedUserAgent(userAgent: string | null): string | null {
  return userAgent?.slice(0, maxStoredUserAgent) ?? null;
}

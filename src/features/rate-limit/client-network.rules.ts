import { isIPv6 } from 'node:net';

/**
 * The network a limit counts an address by: the address itself for IPv4, the /64 for IPv6, where
 * one subscriber commonly holds a whole /64 (RFC 6177) and could change address with every try.
 */
export function clientNetwork(address: string | null): string {
  if (address === null) return 'unknown';
  return isIPv6(address) ? `${firstFourGroups(address)}::/64` : address;
}

function firstFourGroups(address: string): string {
  const [head = '', tail] = address.split('%', 1).join('').split('::');
  const leading = head === '' ? [] : head.split(':');
  const trailing = tail ? tail.split(':') : [];
  const missing = tail === undefined ? 0 : 8 - leading.length - trailing.length;
  return [...leading, ...Array<string>(Math.max(0, missing)).fill('0'), ...trailing]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

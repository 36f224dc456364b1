import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Which addresses may be posted to over a protocol, and which URLs at all. */
export interface Reach {
  includes(address: string, protocol: string): boolean;
  /** Why nothing is ever posted to a URL, for people; names are judged when they are looked up. */
  objectionTo(url: string): string | undefined;
}

export const unreachable = 'must not lead to an address that is private or otherwise not public';

/** Over TLS what is public, and what is in `allowedNetworks` over TLS and without it. */
export function createReach(allowedNetworks: readonly string[]): Reach {
  const networks = allowedNetworks.map(readNetwork);
  const protocols = networks.length > 0 ? ['https:', 'http:'] : ['https:'];
  const includes = (address: string, protocol: string) =>
    isInside(networks, address) || (protocol === 'https:' && isPublic(address));
  return {
    includes,
    objectionTo(text) {
      if (!URL.canParse(text)) return 'must be a URL';
      const url = new URL(text);
      if (!protocols.includes(url.protocol)) return 'must begin with https://';
      if (url.username !== '' || url.password !== '') return 'must not hold a user or a password';
      // The parser has brought decimal, octal and hexadecimal spellings into the usual form.
      const host = url.hostname.replace(/^\[|\]$/g, '');
      return isIP(host) !== 0 && !includes(host, url.protocol) ? unreachable : undefined;
    },
  };
}

function readNetwork(text: string): Network {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** An address; IPv4 in IPv6 is the IPv4 it stands for. */
function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  return ipaddr.isValid(address) ? ipaddr.process(address) : undefined;
}

function isInside(networks: readonly Network[], text: string): boolean {
  const address = parse(text);
  return networks.some(
    ([network, bits]) => address?.kind() === network.kind() && address.match(network, bits),
  );
}

// IANA has given out addresses for everybody from here alone (RFC 4291, 2.4). Outside are NAT64
// and IPv4-compatible addresses, which hide an IPv4 one.
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/** Nothing special in the registries of IANA: not private, loopback, link-local, 6to4 and so on. */
function isPublic(text: string): boolean {
  const address = parse(text);
  if (address?.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(...globalUnicast);
}

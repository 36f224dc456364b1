import { BlockList, isIPv4 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { normalizeAddress } from '../client.ts';
import type { Config } from '../config/config.ts';
import type { Client } from '../context.ts';

/**
 * Where a request comes from, for limits, sessions, places and the audit alike. Fastify walks
 * `X-Forwarded-For` from the right as long as `trustedProxies` believes whom it meets; the last of
 * those it met that is an address counts.
 */
export function clientOf(request: FastifyRequest): Client {
  const userAgent = request.headers['user-agent'] ?? null;
  const met = (request.ips ?? [request.socket.remoteAddress]).map(normalized);
  return { address: met.findLast((address) => address !== null) ?? null, userAgent };
}

/** Whether the sender at an address, so many hops from us, is believed about whom it speaks for. */
type Trust = (address: string | undefined, hop: number) => boolean;

/**
 * Whom `TRUST_PROXY` believes: as many senders as it counts, or those it lists; by default nobody.
 * What is no address is never believed, so that nothing to the left of it counts either.
 */
export function trustedProxies({ trustProxy }: Config['http']): Trust | false {
  if (trustProxy === undefined) return false;
  if (typeof trustProxy === 'number') {
    return (address, hop) => hop < trustProxy && normalized(address) !== null;
  }
  const trusted = networksOf(trustProxy);
  return (address) => {
    const plain = normalized(address);
    if (plain === null) return false;
    // An IPv4-mapped address is found by IPv4 networks and by IPv4-mapped ones alike.
    return trusted.check(isIPv4(plain) ? `::ffff:${plain}` : plain, 'ipv6');
  };
}

function networksOf(entries: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const [network = ''] = address.split('%', 1);
    const isV4 = isIPv4(network);
    networks.addSubnet(network, Number(prefix ?? (isV4 ? 32 : 128)), isV4 ? 'ipv4' : 'ipv6');
  }
  return networks;
}

/** The address of a sender, without a port; null when it is none. */
function normalized(sender: string | undefined): string | null {
  return normalizeAddress(withoutPort(sender ?? ''));
}

/** Some proxies add the port of the sender: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(sender: string): string {
  const [, bracketed, dotted] = /^(?:\[(.*)\]|([\d.]+))(?::\d{1,5})?$/.exec(sender) ?? [];
  return bracketed ?? dotted ?? sender;
}

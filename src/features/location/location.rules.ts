import { BlockList, isIPv6 } from 'node:net';
import type { Place } from '../../context.ts';
import { cleanText, hasForbiddenCharacters } from '../../text.ts';

/** What is known of a caller nobody can place. */
export const nowhere: Place = { countryCode: null, country: null, region: null, city: null };

/**
 * Networks that are nowhere in particular: private, shared by a provider's customers, link-local,
 * loopback, for documentation and benchmarks, multicast and unassigned.
 * https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
 */
const specialNetworks = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['::', 127],
  ['100::', 64],
  ['2001:db8::', 32],
  ['3fff::', 20],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const;

const special = new BlockList();
for (const [network, prefix] of specialNetworks) {
  special.addSubnet(network, prefix, isIPv6(network) ? 'ipv6' : 'ipv4');
}

/** Whether an address can be somewhere. What is private is nobody else's business either. */
export function isPublicAddress(address: string): boolean {
  return !special.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

const maxNameLength = 100;

/**
 * A place as it is stored. Names come from a file or from the network: one that is too long is
 * cut, one that no column takes is left out, so that none of them can spoil a registration.
 */
export function storedPlace(place: Place): Place {
  const { countryCode } = place;
  return {
    countryCode: countryCode !== null && /^[A-Z]{2}$/.test(countryCode) ? countryCode : null,
    country: storedName(place.country),
    region: storedName(place.region),
    city: storedName(place.city),
  };
}

function storedName(name: string | null): string | null {
  const text = cleanText(name);
  if (text === null || hasForbiddenCharacters(text)) return null;
  return Array.from(text).slice(0, maxNameLength).join('');
}

import { isIPv4 } from 'node:net';
import type { Scope } from '../../actor.ts';
import { normalizeAddress } from '../../client.ts';
import { blank, ErrorCode, invalid, type UserError } from '../../errors.ts';
import { cleanText, lineViolations } from '../../text.ts';

/** A key as it is asked for. */
export interface KeyInput {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null | undefined;
  readonly addresses: readonly string[] | null | undefined;
}

/** A key as it is stored: clean text, and networks in one spelling. */
export interface KeyDefinition {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
  readonly addresses: readonly string[] | null;
}

/** How long a former secret goes on at most. */
const maxGraceSeconds = 24 * 60 * 60;

// Nobody looks through more of them, and every request is compared with each.
const maxAddresses = 100;

/** What is asked for, in clean form, and everything that is wrong with it. */
export function readKey(input: KeyInput): {
  readonly definition: KeyDefinition;
  readonly violations: readonly UserError[];
} {
  const name = cleanText(input.name);
  const { networks, violations } = readAddresses(input.addresses);
  const { scopes, expiresAt = null } = input;
  return {
    definition: { name: name ?? '', scopes, expiresAt, addresses: networks },
    violations: [
      ...(name === null ? [blank('name')] : lineViolations(name, 'name', 100)),
      ...scopeViolations(scopes),
      ...expiryViolations(expiresAt),
      ...violations,
    ],
  };
}

function scopeViolations(scopes: readonly Scope[]): UserError[] {
  if (scopes.length === 0) return [blank('scopes')];
  if (new Set(scopes).size === scopes.length) return [];
  return [invalid('scopes', 'must name each scope once')];
}

function expiryViolations(expiresAt: Date | null): UserError[] {
  if (expiresAt === null || expiresAt.getTime() > Date.now()) return [];
  return [invalid('expiresAt', 'must be in the future')];
}

function readAddresses(addresses: readonly string[] | null | undefined): {
  readonly networks: readonly string[] | null;
  readonly violations: readonly UserError[];
} {
  if (addresses === null || addresses === undefined) return { networks: null, violations: [] };
  if (addresses.length === 0) return { networks: null, violations: [blank('addresses')] };
  if (addresses.length > maxAddresses) {
    const message = `must have at most ${maxAddresses} entries`;
    const violation = { code: ErrorCode.TOO_LONG, field: 'addresses', message };
    return { networks: null, violations: [violation] };
  }
  const networks = addresses.map((text) => networkOf(text.trim()));
  const violations = networks.flatMap((network, place) =>
    network === undefined
      ? [
          invalid(
            `addresses.${place}`,
            'must be an IPv4 or IPv6 address, or a range such as 192.0.2.0/24',
          ),
        ]
      : [],
  );
  return {
    networks: [...new Set(networks.filter((network) => network !== undefined))],
    violations,
  };
}

const mappedBits = 96;

/**
 * An address or a CIDR range as a range; undefined for what is neither. Clients with an IPv4-mapped
 * address are known by their IPv4 one, and so must be the ranges they are found in.
 */
function networkOf(text: string): string | undefined {
  const [, given = '', bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = normalizeAddress(given);
  if (address === null) return undefined;
  const isV4 = isIPv4(address);
  const skipped = isV4 && !isIPv4(given) ? mappedBits : 0;
  const all = isV4 ? 32 : 128;
  const prefix = bits === undefined ? all : Number(bits) - skipped;
  return prefix >= 0 && prefix <= all ? `${address}/${prefix}` : undefined;
}

/** What is wrong with the time for which a former secret is to go on. */
export function graceViolations(graceSeconds: number): UserError[] {
  if (graceSeconds >= 0 && graceSeconds <= maxGraceSeconds) return [];
  return [invalid('graceSeconds', `must be from 0 to ${maxGraceSeconds}`)];
}

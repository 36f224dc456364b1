import { normalizeAddress } from '../../client.ts';
import type { Client } from '../../context.ts';
import { ErrorCode, Refusal, type UserError } from '../../errors.ts';

/** The device of a person, as a server that speaks for them names it. */
export interface NamedDevice {
  readonly ipAddress?: string | null | undefined;
  readonly userAgent?: string | null | undefined;
}

/**
 * A named device in our own spelling; what is blank or left out is null. Refuses with `INVALID` on
 * `ipAddress` and `userAgent`.
 */
export function requireDevice(named: NamedDevice): Client {
  const { device, violations } = readDevice(named);
  if (violations.length > 0) throw new Refusal(violations);
  return device;
}

/** The same device, and what is wrong with it, for who has more to refuse. */
export function readDevice(named: NamedDevice): {
  readonly device: Client;
  readonly violations: readonly UserError[];
} {
  const ipAddress = named.ipAddress?.trim() ?? '';
  const address = normalizeAddress(ipAddress);
  const userAgent = named.userAgent?.trim() ?? '';
  const violations: UserError[] = [];
  if (ipAddress !== '' && address === null) {
    const message = 'must be an IPv4 or IPv6 address';
    violations.push({ code: ErrorCode.INVALID, field: 'ipAddress', message });
  }
  if (!mayBeHeader(userAgent)) {
    const message = 'must be what a User-Agent header can hold';
    violations.push({ code: ErrorCode.INVALID, field: 'userAgent', message });
  }
  return { device: { address, userAgent: userAgent === '' ? null : userAgent }, violations };
}

/** No control characters but the tab (RFC 9110, 5.5), and nothing that is no text. */
const mayBeHeader = (text: string) => !/[\0-\x08\x0a-\x1f\x7f\p{Cs}]/u.test(text);

import Bowser from 'bowser';
import { hash } from 'node:crypto';
import { storedUserAgent } from '../../client.ts';

export enum FingerprintStatus {
  OK = 'OK',
  WARNING = 'WARNING',
  MISMATCH = 'MISMATCH',
  TOKEN_NOT_FOUND = 'TOKEN_NOT_FOUND',
}

export enum FingerprintReason {
  IP_MISMATCH = 'IP_MISMATCH',
  USER_AGENT_MISMATCH = 'USER_AGENT_MISMATCH',
  FINGERPRINT_MISMATCH = 'FINGERPRINT_MISMATCH',
}

/** With what a session was opened. Null is what was not known then, or not kept. */
export interface Fingerprint {
  readonly ipAddress: string | null;
  readonly userAgentHash: Buffer | null;
}

/** With what it is used. Undefined is what the asker does not know; null is nothing sent. */
export interface PresentedFingerprint {
  readonly ipAddress: string | null | undefined;
  readonly userAgent: string | null | undefined;
}

export interface FingerprintVerdict {
  readonly status: FingerprintStatus;
  readonly reason: FingerprintReason | null;
}

/** Both parts alike are OK, one different is a warning, both are a mismatch; unknown is alike. */
export function compareFingerprints(
  stored: Fingerprint,
  presented: PresentedFingerprint,
): FingerprintVerdict {
  const sameAddress = isSameAddress(stored.ipAddress, presented.ipAddress);
  const sameAgent = isSameAgent(stored.userAgentHash, presented.userAgent);
  if (sameAddress && sameAgent) return { status: FingerprintStatus.OK, reason: null };
  if (!sameAddress && !sameAgent) {
    const reason = FingerprintReason.FINGERPRINT_MISMATCH;
    return { status: FingerprintStatus.MISMATCH, reason };
  }
  const reason = sameAgent ? FingerprintReason.IP_MISMATCH : FingerprintReason.USER_AGENT_MISMATCH;
  return { status: FingerprintStatus.WARNING, reason };
}

const isSameAddress = (stored: string | null, presented: string | null | undefined) =>
  stored === null || presented === undefined || stored === presented;

const isSameAgent = (stored: Buffer | null, presented: string | null | undefined) =>
  stored === null || presented === undefined || hashUserAgent(presented)?.equals(stored) === true;

/** The digest of a whole user agent, however long it is. */
export function hashUserAgent(userAgent: string | null): Buffer | null {
  return userAgent === null ? null : hash('sha256', userAgent, 'buffer');
}

const knownNames = {
  browser: new Set(Object.values(Bowser.BROWSER_MAP)),
  os: new Set(Object.values(Bowser.OS_MAP)),
};

/**
 * The browser or the system a user agent names; null for one that Bowser does not know. Of those
 * it repeats what they say, and what strangers say must not end up in mails.
 */
export function nameIn(userAgent: string | null, part: 'browser' | 'os'): string | null {
  const stored = storedUserAgent(userAgent);
  const name = stored ? Bowser.parse(stored)[part].name : undefined;
  return name !== undefined && knownNames[part].has(name) ? name : null;
}

/** A user agent as people would call it, such as "Chrome on macOS". */
export function deviceName(userAgent: string | null): string {
  const names = [nameIn(userAgent, 'browser'), nameIn(userAgent, 'os')].filter(Boolean);
  return names.join(' on ') || 'unknown device';
}

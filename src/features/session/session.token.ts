import { hash, randomBytes } from 'node:crypto';
import type { Branded } from '../../identifiers.ts';

/** What the client keeps. It exists nowhere else: the database has its hash only. */
export type SessionToken = Branded<string, 'SessionToken'>;
export type SessionTokenHash = Branded<Buffer, 'SessionTokenHash'>;

const prefix = 'gh_s_';
// 48 random bytes are 64 characters of base64url.
const shape = /^gh_s_[A-Za-z0-9_-]{64}$/;

export function newSessionToken(): SessionToken {
  return `${prefix}${randomBytes(48).toString('base64url')}` as SessionToken;
}

/** A credential as a session token, or undefined when it is something else. */
export function parseSessionToken(credential: string): SessionToken | undefined {
  return shape.test(credential) ? (credential as SessionToken) : undefined;
}

/** A plain digest is enough: 384 random bits cannot be guessed, so nothing needs slowing down. */
export function hashSessionToken(token: SessionToken): SessionTokenHash {
  return hash('sha256', token, 'buffer') as SessionTokenHash;
}

/** The same as text: what is remembered is found by it, and a buffer costs more than a string. */
export function sessionTokenKey(token: SessionToken): string {
  return hash('sha256', token, 'base64');
}

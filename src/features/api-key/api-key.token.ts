import { createHash, randomBytes } from 'node:crypto';
import type { Branded } from '../../identifiers.ts';

/** What a server keeps. It exists nowhere else: the database has its hash only. */
export type ApiKeyText = Branded<string, 'ApiKeyText'>;
export type ApiKeyHash = Branded<Buffer, 'ApiKeyHash'>;

export function newApiKey(): ApiKeyText {
  // 48 random bytes are 64 characters of base64url.
  return `gh_k_${randomBytes(48).toString('base64url')}` as ApiKeyText;
}

/** A credential as an API key, or undefined when it is something else. */
export function parseApiKey(credential: string): ApiKeyText | undefined {
  return /^gh_k_[A-Za-z0-9_-]{64}$/.test(credential) ? (credential as ApiKeyText) : undefined;
}

/** A plain digest is enough: 384 random bits cannot be guessed. */
export function hashApiKey(key: ApiKeyText): ApiKeyHash {
  return createHash('sha256').update(key).digest() as ApiKeyHash;
}

/** As much of a key as may be shown: seven of its 64 random characters. */
export function prefixOf(key: ApiKeyText): string {
  return key.slice(0, 12);
}

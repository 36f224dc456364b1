import { createHash } from 'node:crypto';
import type { Branded } from '../../identifiers.ts';

/** What a server keeps. It exists nowhere else: the database has its hash only. */
export type ApiKeyText = Branded<string, 'ApiKeyText'>;
export type ApiKeyHash = Branded<Buffer, 'ApiKeyHash'>;

/** A credential as an API key, or undefined when it is something else. */
export function parseApiKey(credential: string): ApiKeyText | undefined {
  return /^gh_k_[A-Za-z0-9_-]{64}$/.test(credential) ? (credential as ApiKeyText) : undefined;
}

/** A plain digest is enough: 384 random bits cannot be guessed. */
export function hashApiKey(key: ApiKeyText): ApiKeyHash {
  return createHash('sha256').update(key).digest() as ApiKeyHash;
}

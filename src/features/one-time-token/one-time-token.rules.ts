import { createHash, randomBytes } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import type { Branded } from '../../identifiers.ts';

export type TokenContext = 'confirm' | 'reset_password' | 'change_email';

/** The contexts under the names that clients use. */
export const tokenContextNames = {
  CONFIRM: 'confirm',
  RESET_PASSWORD: 'reset_password',
  CHANGE_EMAIL: 'change_email',
} as const satisfies Readonly<Record<string, TokenContext>>;

/** What is mailed. It exists nowhere else: the database has its hash only. */
export type OneTimeTokenText = Branded<string, 'OneTimeTokenText'>;
export type OneTimeTokenHash = Branded<Buffer, 'OneTimeTokenHash'>;

/** How long a kind of token can be redeemed, by its name in the configuration. */
export const tokenLives = {
  confirm: 'confirm',
  reset_password: 'resetPassword',
  change_email: 'emailChange',
} as const satisfies Readonly<Record<TokenContext, keyof Config['tokenSeconds']>>;

/** 48 random bytes in base64url, which needs no escaping in a link. */
export function newOneTimeToken(): OneTimeTokenText {
  return randomBytes(48).toString('base64url') as OneTimeTokenText;
}

/** A client's text as a token, or undefined when it cannot be one. */
export function parseOneTimeToken(text: string): OneTimeTokenText | undefined {
  const token = text.trim();
  return /^[A-Za-z0-9_-]{64}$/.test(token) ? (token as OneTimeTokenText) : undefined;
}

/** A plain digest is enough: 384 random bits cannot be guessed. */
export function hashOneTimeToken(token: OneTimeTokenText): OneTimeTokenHash {
  return createHash('sha256').update(token).digest() as OneTimeTokenHash;
}

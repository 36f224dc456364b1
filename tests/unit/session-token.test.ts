import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  hashSessionToken,
  newSessionToken,
  parseSessionToken,
} from '../../src/features/session/session.token.ts';

test('a token is 48 random bytes after its prefix, never the same twice', () => {
  const tokens = Array.from({ length: 1000 }, newSessionToken);
  expect(new Set(tokens).size).toBe(1000);
  for (const token of tokens) {
    expect(token.startsWith('gh_s_')).toBe(true);
    expect(Buffer.from(token.slice(5), 'base64url')).toHaveLength(48);
    expect(parseSessionToken(token)).toBe(token);
  }
});

test('what does not look exactly like one is none', () => {
  const token = newSessionToken();
  const others = ['', 'gh_s_', token.slice(5), `${token}A`, token.slice(0, -1), ` ${token}`];
  for (const text of [
    ...others,
    `${token}\n`,
    `gh_k_${token.slice(5)}`,
    token.replace(/.$/, '='),
  ]) {
    expect(parseSessionToken(text)).toBeUndefined();
  }
});

test('what is stored is the SHA-256 of the whole token', () => {
  const token = newSessionToken();
  expect(hashSessionToken(token)).toEqual(createHash('sha256').update(token).digest());
});

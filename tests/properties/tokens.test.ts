import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readClaims } from '../../src/features/access-token/access-token.rules.ts';
import {
  hashApiKey,
  newApiKey,
  parseApiKey,
  prefixOf,
} from '../../src/features/api-key/api-key.token.ts';
import {
  hashOneTimeToken,
  newOneTimeToken,
  parseOneTimeToken,
} from '../../src/features/one-time-token/one-time-token.rules.ts';
import {
  hashSessionToken,
  newSessionToken,
  parseSessionToken,
} from '../../src/features/session/session.token.ts';
import { anyText } from './texts.ts';

interface Kind {
  readonly create: () => string;
  readonly parse: (text: string) => string | undefined;
  readonly hash: (text: string) => Buffer | undefined;
}

function kindOf<Text extends string>(
  create: () => Text,
  parse: (text: string) => Text | undefined,
  hash: (token: Text) => Buffer,
): Kind {
  const hashText = (text: string) => {
    const token = parse(text);
    return token && hash(token);
  };
  return { create, parse, hash: hashText };
}

const kinds = {
  'session token': kindOf(newSessionToken, parseSessionToken, hashSessionToken),
  'API key': kindOf(newApiKey, parseApiKey, hashApiKey),
  'mailed token': kindOf(newOneTimeToken, parseOneTimeToken, hashOneTimeToken),
};

describe.each(Object.entries(kinds))('a %s', (name, { create, parse, hash }) => {
  const tokens = fc.constant(null).map(create);

  test('is read as it was made, and is of no other kind', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        expect(parse(token)).toBe(token);
        for (const [other, kind] of Object.entries(kinds)) {
          if (other !== name) expect(kind.parse(token)).toBeUndefined();
        }
      }),
    );
  });

  test('has 384 random bits, of which every one takes both values', () => {
    const bits = fc.sample(tokens, 200).map((token) => Buffer.from(token.slice(-64), 'base64url'));
    const seen = (value: number) =>
      bits.reduce(
        (all, random) => all.map((byte, index) => byte | ((random[index] ?? 0) ^ value)),
        Array<number>(48).fill(0),
      );
    expect(new Set(bits.map((random) => random.toString('hex'))).size).toBe(200);
    expect(seen(0)).toEqual(Array(48).fill(255));
    expect(seen(255)).toEqual(Array(48).fill(255));
  });

  test('is another one, or none, when a single character is another', () => {
    fc.assert(
      fc.property(tokens, fc.nat(68), anyText(2), (...drawn) => {
        const [token, place, put] = drawn;
        const changed = token.slice(0, place) + put + token.slice(place + 1);
        const digest = hash(changed);
        fc.pre(changed.trim() !== token);
        expect(digest?.equals(hash(token) ?? Buffer.alloc(0)) ?? false).toBe(false);
      }),
    );
  });

  test('is stored as a digest of 32 bytes that is always the same', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        expect(hash(token)).toHaveLength(32);
        expect(hash(token)).toEqual(hash(token));
        expect(hash(token)?.toString('base64url')).not.toContain(token.slice(-20));
      }),
    );
  });

  test('is nothing that somebody typed', () => {
    const typed = fc.oneof(
      anyText(80),
      fc.string({ minLength: 60, maxLength: 70 }),
      tokens.map((token) => `${token}=`),
      tokens.map((token) => token.slice(0, -1)),
      fc.tuple(tokens, tokens).map((both) => both.join('\n')),
    );
    fc.assert(
      fc.property(typed, (text) => {
        expect(parse(text)).toBeUndefined();
      }),
    );
  });
});

test('of an API key less than a sixth is shown, and never enough to find the rest', () => {
  const keys = fc.constant(null).map(newApiKey);
  fc.assert(
    fc.property(keys, (key) => {
      expect(prefixOf(key)).toMatch(/^gh_k_[\w-]{7}$/);
      expect(parseApiKey(prefixOf(key))).toBeUndefined();
    }),
  );
});

test('no text whatever makes the reader of access tokens throw, or believe it has ids in it', () => {
  const part = fc.oneof(
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
    fc
      .record({ alg: fc.constantFrom('ES256', 'none', 'HS256'), kid: fc.anything() })
      .map((header) => Buffer.from(JSON.stringify(header, ignoreBigInts)).toString('base64url')),
    anyText(20),
  );
  const texts = fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.'));
  fc.assert(
    fc.property(texts, (text) => {
      expect(readClaims(text)).toBeUndefined();
    }),
  );
});

const ignoreBigInts = (_: string, value: unknown) =>
  typeof value === 'bigint' ? String(value) : value;

import { randomInt } from 'node:crypto';
import anyAscii from 'any-ascii';

const maxLength = 30;
// No address is longer. What somebody sends instead, with every alias of a request, would be
// transliterated for a sixth of a second a megabyte, while nobody else is served.
const maxRead = 160;

/**
 * A username from an address's local part: transliterated, dots to `_`, other characters dropped,
 * `user_` before what does not start with a letter, filled up to three characters.
 */
export function deriveUsername(email: string): string {
  const [localPart = ''] = email.slice(0, maxRead).split('@');
  const plain = anyAscii(localPart)
    .toLowerCase()
    .replaceAll('.', '_')
    .replace(/[^a-z0-9_]/g, '');
  const started = /^[a-z]/.test(plain) ? plain : `user_${plain}`;
  const derived = started.slice(0, maxLength);
  return derived.length < 3 ? `${derived}_1` : derived;
}

// No vowels and no look-alikes, so that a suffix never spells a word or is misread.
const suffixCharacters = 'bcdfghjkmnpqrstvwxz23456789';

/** The username again with a random ending, for when it is taken; at most 30 characters. */
export function withRandomSuffix(username: string): string {
  const suffix = Array.from(
    { length: 5 },
    () => suffixCharacters[randomInt(suffixCharacters.length)],
  );
  return `${username.slice(0, maxLength - suffix.length - 1)}_${suffix.join('')}`;
}

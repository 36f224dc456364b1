import { systemRole } from '../../actor.ts';
import { normalizeText } from '../../text.ts';

// Shorter ones, such as `id` and `com`, are the letters of many a random password.
const minLetters = 4;

/**
 * Whether the letters of a password are one of the words that stand for this installation: a name
 * of it as a whole, a word of such a name, or a system role. So `Gatehouse1!` is one, and `the
 * gatehouse` is none.
 */
export function isContextWord(contextNames: readonly string[], password: string): boolean {
  const letters = lettersOf(password);
  return [...contextNames, ...Object.values(systemRole)].some((name) =>
    wordsOf(name).includes(letters),
  );
}

function wordsOf(name: string): string[] {
  return [name, ...name.split(/[\s.]+/), ...name.split(notLetters)]
    .map(lettersOf)
    .filter((word) => word.length >= minLetters);
}

const notLetters = /[^\p{L}\p{M}]+/u;
const lettersOf = (text: string) => normalizeText(text).toLowerCase().split(notLetters).join('');

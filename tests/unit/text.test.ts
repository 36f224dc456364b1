import { expect, test } from 'vitest';
import {
  characterCount,
  cleanText,
  hasForbiddenCharacters,
  lineViolations,
} from '../../src/text.ts';
import { naughtyStrings } from '../registration/naughty-strings.ts';

test.each([
  [null, null],
  [undefined, null],
  ['', null],
  [' \t\r\n\u00a0\u3000\ufeff', null],
  ['  a b  ', 'a b'],
  ['Zoe\u0308', 'Zoë'],
  ['\u212b', 'Å'],
])('%j is read as %j', (given, read) => {
  expect(cleanText(given)).toBe(read);
});

test.each(naughtyStrings)('reading %j twice changes nothing more', (text) => {
  const once = cleanText(text);
  expect(cleanText(once)).toBe(once);
});

test('a megabyte of combining marks is read as fast as any other text', () => {
  const marks = `a${'\u0301\u0316'.repeat(250_000)}`;
  const started = performance.now();
  cleanText(marks);
  // Sorting them takes the better part of a minute.
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('characters are counted as people and PostgreSQL do', () => {
  expect(characterCount('')).toBe(0);
  expect(characterCount('Zoë')).toBe(3);
  expect(characterCount('👋👋')).toBe(2);
  expect(characterCount('👩‍👩‍👧')).toBe(5);
});

test.each(['\0', '\u0001', '\t', '\n', '\u001b', '\u007f', '\u0085', '\ud800', '\udc00a'])(
  '%j may be in no line of text',
  (character) => {
    expect(hasForbiddenCharacters(`a${character}b`)).toBe(true);
  },
);

test.each(['é', '👋', 'مرحبا', '👩‍👩‍👧', '<b>&', "'", '\u200d'])('%j may', (character) => {
  expect(hasForbiddenCharacters(character)).toBe(false);
});

test('every violation of a line is told', () => {
  const codes = (value: string | null) => lineViolations(value, 'name', 3).map(({ code }) => code);
  expect(codes(null)).toEqual([]);
  expect(codes('👋👋👋')).toEqual([]);
  expect(codes('abcd')).toEqual(['TOO_LONG']);
  expect(codes('a\nb')).toEqual(['INVALID']);
  expect(codes('ab\ncd')).toEqual(['INVALID', 'TOO_LONG']);
});

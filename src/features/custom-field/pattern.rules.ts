import { RE2JS } from 're2js';
import { characterCount } from '../../text.ts';
import type { FieldDefinition } from './custom-field.rules.ts';

export const maxPatternLength = 500;

// RE2 takes time in proportion to this number times the length of the text, whatever the pattern:
// with 2,000 on the longest text that can be stored, tens of milliseconds.
const maxProgramSize = 2_000;

/**
 * What is wrong with a regular expression, or undefined. Administrators write them and strangers
 * the texts they meet, so they run on RE2, which has no look-around and no back-references, and
 * none of the patterns that keep JavaScript's own engine busy for years.
 */
export function patternFault(pattern: string): string | undefined {
  if (characterCount(pattern) > maxPatternLength) return 'is too long';
  try {
    if (RE2JS.compile(pattern).programSize() <= maxProgramSize) return undefined;
    return 'repeats too much to be checked in time';
  } catch {
    // A syntax error is how RE2 says no.
    return 'must be a regular expression as RE2 has them: no look-around, no back-references';
  }
}

/** By definition, so that a pattern is compiled once for all the values it is tried on. */
const compiled = new WeakMap<FieldDefinition, RE2JS>();

/** Whether the pattern of a definition, if it has one, is found in a text. */
export function matchesPattern(definition: FieldDefinition, text: string): boolean {
  if (definition.pattern === null) return true;
  const known = compiled.get(definition) ?? RE2JS.compile(definition.pattern);
  compiled.set(definition, known);
  return known.test(text);
}

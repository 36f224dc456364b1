import { ErrorCode, type UserError } from './errors.ts';

/** Text as every input is read: Unicode-normalised (NFC) and trimmed; blank is null. */
export function cleanText(value: string | null | undefined): string | null {
  const text = value?.normalize('NFC').trim() ?? '';
  return text === '' ? null : text;
}

/** Characters, not UTF-16 units: what a person would count, and what PostgreSQL counts. */
export function characterCount(value: string): number {
  let count = 0;
  for (const _ of value) count += 1;
  return count;
}

/**
 * Whether text holds what no name or address may: control characters (NUL among them, which
 * PostgreSQL cannot store) and half surrogate pairs, which are no text at all.
 */
export function hasForbiddenCharacters(value: string): boolean {
  return /[\p{Cc}\p{Cs}]/u.test(value);
}

/** The violations of an optional line of text: forbidden characters, too many characters. */
export function lineViolations(
  value: string | null,
  field: string,
  maxLength: number,
): UserError[] {
  if (value === null) return [];
  if (hasForbiddenCharacters(value)) {
    return [{ code: ErrorCode.INVALID, field, message: 'must not contain control characters' }];
  }
  if (characterCount(value) > maxLength) {
    const message = `must have at most ${maxLength} characters`;
    return [{ code: ErrorCode.TOO_LONG, field, message }];
  }
  return [];
}

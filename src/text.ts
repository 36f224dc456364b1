import { ErrorCode, type UserError } from './errors.ts';

// Beyond this every text is too long, normalised or not: NFC makes at most four characters one.
const maxNormalizedLength = 4096;

/**
 * Unicode-normalised (NFC) text. What is far too long for any field stays as it is: sorting a
 * megabyte of combining marks takes the square of its length, and nobody else would be served.
 */
export function normalizeText(value: string): string {
  return value.length > maxNormalizedLength ? value : value.normalize('NFC');
}

/** Text as every input is read: Unicode-normalised (NFC) and trimmed; blank is null. */
export function cleanText(value: string | null | undefined): string | null {
  const text = normalizeText(value ?? '').trim();
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
  const violations: UserError[] = [];
  if (hasForbiddenCharacters(value)) {
    const message = 'must not contain control characters';
    violations.push({ code: ErrorCode.INVALID, field, message });
  }
  if (characterCount(value) > maxLength) {
    const message = `must have at most ${maxLength} characters`;
    violations.push({ code: ErrorCode.TOO_LONG, field, message });
  }
  return violations;
}

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in HTML, between tags as well as in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => htmlEntities[sign] ?? '');
}

import { Denial } from '../../errors.ts';
import { characterCount, cleanText, hasForbiddenCharacters } from '../../text.ts';
import { keyViolations } from '../custom-field/custom-field.rules.ts';

/** Which users a caller asks for; what is left out or null is no condition. */
export interface UserFilter {
  readonly role?: string | null | undefined;
  readonly search?: string | null | undefined;
  readonly isActive?: boolean | null | undefined;
  readonly confirmed?: boolean | null | undefined;
  readonly customFields?: Readonly<Record<string, unknown>> | null | undefined;
}

const maxCustomFields = 100; // as many as a user can have
const maxListed = 100; // as many as a field can have options

// All that is searched of a user: address, username, both names, and what stands between them.
const maxTermLength = 160 + 30 + 100 + 100 + 3;

/** The text to search for, or null where it can be in nobody: two characters are the least. */
export function readTerm(search: string): string | null {
  const term = cleanText(search);
  if (term === null || hasForbiddenCharacters(term)) return null;
  const length = characterCount(term);
  return length < 2 || length > maxTermLength ? null : term;
}

/**
 * Custom fields and their values as the JSON that a user's must contain: of a list, such as what
 * is checked of several options, at least those. Denied as `BAD_USER_INPUT`: a key no custom field
 * can have, and what is no text, number, Boolean or list of them.
 */
export function readCustomFields(wanted: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(wanted);
  if (fields.length > maxCustomFields) {
    throw badCustomFields(`can name at most ${maxCustomFields} fields`);
  }
  for (const [key, value] of fields) {
    if (keyViolations(key, 'customFields').length > 0) {
      throw badCustomFields('has a key that no custom field can have');
    }
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (all.length > maxListed || !all.every(isStorableScalar)) {
      throw badCustomFields(`must have a text, a number, a Boolean or a list of them for ${key}`);
    }
  }
  return JSON.stringify(wanted);
}

/** NUL and half surrogate pairs, which JSON can write, cannot be in a text that PostgreSQL stores. */
function isStorableScalar(value: unknown): boolean {
  if (typeof value === 'string') return !/[\0\p{Cs}]/u.test(value);
  return typeof value === 'boolean' || value === null || Number.isFinite(value);
}

function badCustomFields(message: string): Denial {
  return new Denial('BAD_USER_INPUT', `customFields ${message}.`, { argument: 'customFields' });
}

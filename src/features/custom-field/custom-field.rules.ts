import { blank, ErrorCode, type UserError } from '../../errors.ts';
import type { JsonValue } from '../../json.ts';
import { lineViolations } from '../../text.ts';

/** What a custom field can be. */
export type CustomFieldType =
  | 'text'
  | 'textarea'
  | 'number'
  | 'boolean'
  | 'date'
  | 'email'
  | 'url'
  | 'select'
  | 'radio'
  | 'checkbox';

/** Types that hold text which people type: they have a length and may have a pattern. */
export function isTyped(type: CustomFieldType): boolean {
  return ['text', 'textarea', 'email', 'url'].includes(type);
}

/** Types that are chosen from options. */
export function isChosen(type: CustomFieldType): boolean {
  return ['select', 'radio', 'checkbox'].includes(type);
}

/** What a definition says about values: all that is needed to tell a good one from a bad one. */
export interface FieldDefinition {
  readonly key: string;
  readonly type: CustomFieldType;
  readonly required: boolean;
  readonly userEditable: boolean;
  readonly options: readonly string[] | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly pattern: string | null;
  readonly defaultValue: JsonValue;
}

/** Everything that decides what custom fields may hold, at one moment. */
export interface FieldRules {
  /** The enabled definitions, by key. */
  readonly definitions: ReadonlyMap<string, FieldDefinition>;
  /** Whether a key without a definition may be written. */
  readonly acceptsUnknown: boolean;
}

const maxKeyLength = 50;

/**
 * What no custom field may be called, for it would be taken for what it is not: the fields of a
 * user, secrets, and what JavaScript objects have before anything is put into them.
 */
const reservedNames: ReadonlySet<string> = new Set(
  [
    ...['id', 'email', 'username', 'firstName', 'lastName', 'displayName', 'avatar'],
    ...['timezone', 'userTimezone', 'locale', 'preferredLocale'],
    ...['isActive', 'confirmedAt', 'lastSignInAt', 'createdAt', 'updatedAt'],
    ...['roles', 'roleNames', 'sessions', 'customFields'],
    ...['registration', 'registrationIp', 'registrationCountryCode', 'registrationCountry'],
    ...['registrationRegion', 'registrationCity'],
    ...['password', 'passwordHash', 'hashedPassword', 'currentPassword', 'passwordConfirmation'],
    ...['token', 'tokens', 'tokenHash', 'sessionToken', 'accessToken', 'refreshToken'],
    ...['secret', 'apiKey', 'apiKeys', 'keyHash'],
    ...['__proto__', 'prototype', 'constructor'],
  ].map(inOneSpelling),
);

/** A name without what tells `first_name` from `firstName`. */
export function inOneSpelling(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** A lower-case letter, then lower-case letters, digits and `_`; no name that means something else. */
export function keyViolations(key: string, field: string): UserError[] {
  if (key === '') return [blank(field)];
  if (isReserved(key)) {
    const message = 'is the name of a field of every user, or of a secret';
    return [{ code: ErrorCode.INVALID, field, message }];
  }
  const tooLong = lineViolations(key, field, maxKeyLength).filter(
    ({ code }) => code === ErrorCode.TOO_LONG,
  );
  if (/^[a-z][a-z0-9_]*$/.test(key)) return tooLong;
  const message = 'must be a lower-case letter and then lower-case letters, digits and _';
  return [{ code: ErrorCode.INVALID, field, message }, ...tooLong];
}

/** Whether a key means something else already. */
function isReserved(key: string): boolean {
  return reservedNames.has(inOneSpelling(key));
}

/** The path of a key below `path`: short, whatever somebody sends as a key. */
export function pathOfKey(path: string, key: string): string {
  return `${path}.${key.slice(0, maxKeyLength)}`;
}

import { ErrorCode, type UserError } from '../../errors.ts';
import type { JsonValue } from '../../json.ts';
import { cleanText } from '../../text.ts';
import { readChanges, type FieldChanges } from '../custom-field/custom-field-map.rules.ts';
import { inOneSpelling, pathOfKey, type FieldRules } from '../custom-field/custom-field.rules.ts';
import { readLocale, timezoneViolations } from '../profile/profile.rules.ts';
import type { CustomFields, User } from '../user/user.entity.ts';
import { emailViolations, nameViolations, usernameViolations } from '../user/user.rules.ts';

/** What of a user is written beside custom fields. */
const writableFields = [
  'email',
  'username',
  'firstName',
  'lastName',
  'timezone',
  'preferredLocale',
] as const;

type WritableField = (typeof writableFields)[number];
export type ProfileChanges = Partial<Record<WritableField, string | null>>;

/** Names that stand for one of them, in either spelling: `first_name` is `firstName`. */
const writableByName: ReadonlyMap<string, WritableField> = new Map([
  ...writableFields.map((field) => [inOneSpelling(field), field] as const),
  ['usertimezone', 'timezone'],
  ['locale', 'preferredLocale'],
]);

/** Fields of a user that `User.field` reads. None of them is a secret. */
const readableFields = [
  'id',
  ...writableFields,
  'isActive',
  'confirmedAt',
  'lastSignInAt',
  'createdAt',
  'updatedAt',
  'registrationIp',
  'registrationCountryCode',
  'registrationCountry',
  'registrationRegion',
  'registrationCity',
] as const;

const readableByName: ReadonlyMap<string, (typeof readableFields)[number]> = new Map([
  ...readableFields.map((field) => [inOneSpelling(field), field] as const),
  ...writableByName,
]);

/** The value of a field of every user; undefined when no such field has the name. */
export function fieldOfUser(user: User, name: string): JsonValue | undefined {
  const field = readableByName.get(inOneSpelling(name));
  if (field === undefined) return undefined;
  const value = user[field];
  return value instanceof Date ? value.toISOString() : value;
}

/** What to change of a user, as it will be stored, and everything that is wrong with it. */
export interface ReadFields {
  readonly profile: ProfileChanges;
  readonly customFields: FieldChanges;
  /** Where the new address and the new username stand in the input. */
  readonly paths: ReadonlyMap<string, string>;
  readonly violations: readonly UserError[];
}

/** Tells the profile fields among `fields` from custom fields, and reads both. */
export function readUserFields(rules: FieldRules, fields: CustomFields): ReadFields {
  const profile: ProfileChanges = {};
  const paths = new Map<string, string>();
  const violations: UserError[] = [];
  const entries = Object.entries(fields);
  const custom = entries.filter(([name]) => !writableByName.has(inOneSpelling(name)));
  for (const [name, value] of entries) {
    const field = writableByName.get(inOneSpelling(name));
    if (field === undefined) continue;
    const path = pathOfKey('fields', name);
    if (paths.has(field)) {
      violations.push({ code: ErrorCode.INVALID, field: path, message: 'is given twice' });
      continue;
    }
    paths.set(field, path);
    const read = readProfileField(field, value, path);
    profile[field] = read.value;
    violations.push(...read.violations);
  }
  const read = readChanges(rules, Object.fromEntries(custom), 'fields');
  return {
    profile,
    customFields: read.changes,
    paths,
    violations: [...violations, ...read.violations],
  };
}

interface ReadField {
  readonly value: string | null;
  readonly violations: readonly UserError[];
}

function readProfileField(field: WritableField, given: JsonValue, path: string): ReadField {
  if (given !== null && typeof given !== 'string') {
    const violation = { code: ErrorCode.INVALID, field: path, message: 'must be text' };
    return { value: null, violations: [violation] };
  }
  const value = cleanText(given);
  if (field === 'preferredLocale') return readLocaleField(value, path);
  return { value, violations: rulesOf[field](value, path) };
}

const rulesOf = {
  email: emailViolations,
  username: usernameViolations,
  firstName: nameViolations,
  lastName: nameViolations,
  timezone: timezoneViolations,
} as const;

function readLocaleField(value: string | null, path: string): ReadField {
  if (value === null) return { value, violations: [] };
  const read = readLocale(value, path);
  return 'violation' in read
    ? { value, violations: [read.violation] }
    : { value: read.canonical, violations: [] };
}

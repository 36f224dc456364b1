import { ErrorCode, type UserError } from '../../errors.ts';
import { characterCount, cleanText, hasForbiddenCharacters } from '../../text.ts';
import type { User } from '../user/user.entity.ts';
import { nameViolations, usernameViolations } from '../user/user.rules.ts';

/** What users say about themselves. An absent field stays as it is; null or blank clears it. */
export interface ProfileInput {
  readonly username?: string | null | undefined;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly timezone?: string | null | undefined;
}

const profileFields = ['username', 'firstName', 'lastName', 'timezone'] as const;

export type Profile = Pick<User, (typeof profileFields)[number]>;

/** The fields that are given, as they will be stored. */
export function readProfile(input: ProfileInput): Partial<Profile> {
  const given = profileFields.filter((field) => input[field] !== undefined);
  return Object.fromEntries(given.map((field) => [field, cleanText(input[field])]));
}

/** Everything these fields violate by themselves, whoever holds which username. */
export function profileFieldViolations(profile: Partial<Profile>): UserError[] {
  const { username = null, firstName = null, lastName = null, timezone = null } = profile;
  return [
    ...usernameViolations(username, 'input.username'),
    ...nameViolations(firstName, 'input.firstName'),
    ...nameViolations(lastName, 'input.lastName'),
    ...timezoneViolations(timezone, 'input.timezone'),
  ];
}

/** `timezone` is clean text or null: an IANA zone, or an offset from UTC from −12 to +14 hours. */
export function timezoneViolations(timezone: string | null, field: string): UserError[] {
  if (timezone === null) return [];
  if (characterCount(timezone) > 50) {
    return [{ code: ErrorCode.TOO_LONG, field, message: 'must have at most 50 characters' }];
  }
  const hours = offsetHours(timezone);
  const known = hours === undefined ? isZone(timezone) : hours >= -12 && hours <= 14;
  if (known) return [];
  const message = 'must be a zone such as Europe/Berlin, or an offset from -12 to +14 hours';
  return [{ code: ErrorCode.INVALID, field, message }];
}

/** Hours of an offset as `+05:30`, or as a number in quarters: `5.5`, `-3`, `+14`. */
function offsetHours(text: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d):([0-5]\d)$/.exec(text) ?? [];
  if (sign !== undefined) return Number(`${sign}1`) * (Number(hours) + Number(minutes) / 60);
  return /^[+-]?\d{1,2}(?:\.(?:0|00|25|5|50|75))?$/.test(text) ? Number(text) : undefined;
}

// Short names that Intl takes over from ICU and IANA does not have. They mean what nobody would
// guess: BST is Dhaka's time there, and IST is Kolkata's.
const ambiguous =
  /^(?:A[CERS]T|AGT|BET|BST|CAT|CNT|CST|CTT|EAT|ECT|IET|IST|JST|MIT|NET|NST|PLT|PNT|PRT|PST|SST|VST|SystemV\/.*)$/i;

function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name) || ambiguous.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false; // a RangeError is how Intl says no
  }
}

// A tag as long as the column; the registered ones have 35 characters at most (RFC 5646, 4.4.1).
const maxLocaleLength = 35;

/** A language tag in its canonical form, or what is wrong with it. `locale` is clean text. */
export function readLocale(
  locale: string,
  field: string,
): { readonly canonical: string } | { readonly violation: UserError } {
  const message = 'must be a language tag such as en-GB, of a known language and region';
  const invalid = { violation: { code: ErrorCode.INVALID, field, message } };
  if (characterCount(locale) > maxLocaleLength) {
    const message = `must have at most ${maxLocaleLength} characters`;
    return { violation: { code: ErrorCode.TOO_LONG, field, message } };
  }
  if (hasForbiddenCharacters(locale)) return invalid;
  const tag = parseTag(locale);
  if (tag === undefined || !isKnown('language', tag.language)) return invalid;
  if (tag.region !== undefined && !isKnown('region', tag.region)) return invalid;
  const canonical = tag.toString();
  return canonical.length > maxLocaleLength ? invalid : { canonical };
}

function parseTag(text: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(text);
  } catch {
    return undefined; // a RangeError is how Intl says no
  }
}

const names = {
  language: new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }),
  region: new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }),
};

// What has a name without being one: many, some or no language, or no known region.
const placeholders = ['mul', 'und', 'zxx', 'ZZ'];

function isKnown(type: 'language' | 'region', code: string): boolean {
  // Intl has no language for `und`, and throws when asked for the name of nothing.
  if (!/^\w{2,8}$/.test(code) || placeholders.includes(code)) return false;
  return names[type].of(code) !== undefined;
}

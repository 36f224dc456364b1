import type { PasswordHash } from '../../context.ts';
import { ErrorCode, type UserError } from '../../errors.ts';
import { newId, parseId, type UserId } from '../../identifiers.ts';
import { cleanText } from '../../text.ts';
import { readNewFields } from '../custom-field/custom-field-map.rules.ts';
import type { FieldRules } from '../custom-field/custom-field.rules.ts';
import { passwordHashViolations } from '../password/password.rules.ts';
import { readLocale, timezoneViolations } from '../profile/profile.rules.ts';
import type { CustomFields } from '../user/user.entity.ts';
import { emailViolations, nameViolations, usernameViolations } from '../user/user.rules.ts';
import { isSingleField, singleFields } from './single-field.rules.ts';
import { remembering } from './remembering.ts';
import { readTime } from './time.rules.ts';

/** What a user is made of in a file, in the order in which an export writes it. */
export const importFields = [
  'id',
  'email',
  'username',
  'firstName',
  'lastName',
  'passwordHash',
  'confirmedAt',
  'isActive',
  'timezone',
  'locale',
  'roles',
  'customFields',
  'createdAt',
] as const;

/** A row of a file. What is absent, null or blank is not said. */
export interface SourceRow {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A user as they will be stored. */
export interface ImportedUser {
  readonly line: number;
  readonly id: UserId;
  readonly email: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly passwordHash: PasswordHash;
  readonly confirmedAt: string | null;
  readonly isActive: boolean;
  readonly timezone: string | null;
  readonly locale: string | null;
  readonly roles: readonly ImportedRole[];
  readonly customFields: CustomFields;
  /** Null for the time of the import. */
  readonly createdAt: string | null;
}

export interface ImportedRole {
  readonly id: string;
  readonly name: string;
}

/** What the rows of a file are read against; it does not change while they are. */
export interface ImportKnowledge {
  /** For users about whom the file does not say what roles they have. */
  readonly defaultRole: ImportedRole;
  /** What custom fields may hold. */
  readonly fieldRules: FieldRules;
  /** A role by its name, or why it cannot be given. */
  readonly findRole: (name: string) => ImportedRole | UserError;
}

/** Reads a row by the rules of the API: a user, or everything that is wrong with it. */
export function readRow(
  { line, values }: SourceRow,
  knowledge: ImportKnowledge,
): ImportedUser | readonly UserError[] {
  const reader = new RowReader(values);
  const email = reader.text('email', emailViolations);
  const passwordHash = reader.text('passwordHash', passwordHashViolations);
  const user = {
    line,
    id: reader.id() ?? newId<UserId>(),
    email: email ?? '',
    username: reader.text('username', usernameViolations),
    firstName: reader.text('firstName', nameViolations),
    lastName: reader.text('lastName', nameViolations),
    passwordHash: (passwordHash ?? '') as PasswordHash,
    confirmedAt: reader.time('confirmedAt'),
    isActive: reader.flag('isActive') ?? true,
    timezone: reader.text('timezone', rememberedTimezone),
    locale: reader.locale(),
    roles: reader.roles(knowledge),
    customFields: reader.customFields(knowledge),
    createdAt: reader.time('createdAt'),
  };
  reader.refuseUnknown();
  return reader.violations.length === 0 ? user : reader.violations;
}

/** Files say the same few zones and languages over and over; asking Intl is slow. */
const rememberedTimezone = remembering((timezone: string | null, field: string) =>
  timezoneViolations(timezone, field),
);
const rememberedLocale = remembering((locale: string, field: string) => readLocale(locale, field));

// The clocks of two machines may differ by so much.
const clockToleranceMilliseconds = 60_000;

const knownFields: ReadonlySet<string> = new Set(importFields);

/** Reads the values of one row, and collects what is wrong with them. */
class RowReader {
  readonly violations: UserError[] = [];

  constructor(private readonly values: SourceRow['values']) {}

  text(field: string, violationsOf: (value: string | null, field: string) => UserError[]) {
    const value = this.#text(field);
    if (value === undefined) return null;
    const found = violationsOf(value, field);
    if (found.length > 0) this.violations.push(...found);
    return value;
  }

  id(): UserId | null {
    const text = this.#text('id') ?? null;
    if (text === null) return null;
    const id = parseId<UserId>(text);
    if (id === undefined) this.#refuse(ErrorCode.INVALID, 'id', 'must be a UUID');
    return id ?? null;
  }

  time(field: string): string | null {
    const text = this.#text(field) ?? null;
    if (text === null) return null;
    const time = readTime(text);
    if (time !== undefined && time.getTime() <= Date.now() + clockToleranceMilliseconds)
      return time.toISOString();
    const message = 'must be a time of the past such as 2024-05-31T08:15:00Z, with its zone';
    this.#refuse(ErrorCode.INVALID, field, message);
    return null;
  }

  flag(field: string): boolean | null {
    const value = this.values[field] ?? null;
    if (value === null || typeof value === 'boolean') return value;
    this.#refuse(ErrorCode.INVALID, field, 'must be true or false');
    return null;
  }

  locale(): string | null {
    const text = this.#text('locale') ?? null;
    if (text === null) return null;
    const read = rememberedLocale(text, 'locale');
    if ('canonical' in read) return read.canonical;
    this.violations.push(read.violation);
    return null;
  }

  roles({ defaultRole, findRole }: ImportKnowledge): ImportedRole[] {
    const names = this.values.roles ?? [];
    if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
      this.#refuse(ErrorCode.INVALID, 'roles', 'must be a list of names');
      return [];
    }
    if (names.length === 0) return [defaultRole];
    const found = new Map<string, ImportedRole>();
    for (const name of names) {
      const role = findRole(name);
      if ('code' in role) this.violations.push(role);
      else found.set(role.id, role);
    }
    return [...found.values()];
  }

  customFields({ fieldRules }: ImportKnowledge): CustomFields {
    const whole = this.values.customFields ?? {};
    if (typeof whole !== 'object' || Array.isArray(whole)) {
      this.#refuse(ErrorCode.INVALID, 'customFields', 'must be a JSON object');
      return {};
    }
    const given = { ...(whole as CustomFields), ...singleFields(this.values, fieldRules) };
    const { fields, violations } = readNewFields(fieldRules, given, 'customFields');
    this.violations.push(...violations);
    return fields;
  }

  refuseUnknown(): void {
    for (const field of Object.keys(this.values)) {
      if (!knownFields.has(field) && !isSingleField(field)) {
        this.#refuse(ErrorCode.UNKNOWN_FIELD, field, 'is not a field of a user');
      }
    }
  }

  /** Clean text, or null where there is none; undefined for what is no text, which is refused. */
  #text(field: string): string | null | undefined {
    const value = this.values[field] ?? null;
    if (value === null) return null;
    if (typeof value === 'string') return cleanText(value);
    this.#refuse(ErrorCode.INVALID, field, 'must be text');
    return undefined;
  }

  #refuse(code: ErrorCode, field: string, message: string): void {
    this.violations.push({ code, field, message });
  }
}

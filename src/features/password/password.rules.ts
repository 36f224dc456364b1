import { dictionary } from '@zxcvbn-ts/language-common';
import type { PasswordPolicy } from '../../config/password.ts';
import { blank, ErrorCode, type UserError } from '../../errors.ts';
import { characterCount, hasForbiddenCharacters, normalizeText } from '../../text.ts';
import { isContextWord } from './context-word.rules.ts';

// bcrypt reads 72 bytes and ignores the rest; longer is refused, never cut.
const maxBytes = 72;
const maxCharacters = 72;

/** The 10,000 most common passwords, in lower case; the list is ordered by how common they are. */
const commonPasswords: ReadonlySet<string> = new Set(
  dictionary['passwords-common'].slice(0, 10_000),
);

const characterClasses = [
  ['requireUppercase', /\p{Lu}/u, 'an upper-case letter'],
  ['requireLowercase', /\p{Ll}/u, 'a lower-case letter'],
  ['requireDigit', /\p{Nd}/u, 'a digit'],
  ['requireSpecial', /[!?@#$%^&*_]/, 'one of !?@#$%^&*_'],
] as const;

/** A password as it is hashed: Unicode-normalised, so that every keyboard types the same one. */
export function normalizePassword(password: string): string {
  return normalizeText(password);
}

/** Everything a new password violates. `notEqualTo` is what it must not repeat: address, name. */
export function passwordViolations(
  policy: PasswordPolicy,
  password: string,
  field: string,
  notEqualTo: readonly (string | null)[] = [],
): UserError[] {
  if (password.trim() === '') {
    return [blank(field)];
  }
  return [
    ...lengthViolations(policy, password, field),
    ...characterViolations(policy, password, field),
    ...guessableViolations(policy, password, field, notEqualTo),
  ];
}

function lengthViolations(policy: PasswordPolicy, password: string, field: string): UserError[] {
  if (characterCount(password) < policy.minLength) {
    const message = `must have at least ${policy.minLength} characters`;
    return [{ code: ErrorCode.TOO_SHORT, field, message }];
  }
  if (characterCount(password) > maxCharacters || Buffer.byteLength(password) > maxBytes) {
    const message = `must have at most ${maxCharacters} characters and ${maxBytes} bytes`;
    return [{ code: ErrorCode.TOO_LONG, field, message }];
  }
  return [];
}

function characterViolations(policy: PasswordPolicy, password: string, field: string): UserError[] {
  const missing = characterClasses
    .filter(([rule, pattern]) => policy[rule] && !pattern.test(password))
    .map(([, , name]) => ({ code: ErrorCode.INVALID, field, message: `must contain ${name}` }));
  if (!hasForbiddenCharacters(password)) return missing;
  return [
    { code: ErrorCode.INVALID, field, message: 'must not contain control characters' },
    ...missing,
  ];
}

function guessableViolations(
  policy: PasswordPolicy,
  password: string,
  field: string,
  notEqualTo: readonly (string | null)[],
): UserError[] {
  const lowered = password.toLowerCase();
  if (notEqualTo.some((text) => text !== null && text.toLowerCase() === lowered)) {
    const message = 'must not be the e-mail address or the username';
    return [{ code: ErrorCode.INVALID, field, message }];
  }
  if (commonPasswords.has(lowered)) {
    const message = 'is one of the most common passwords';
    return [{ code: ErrorCode.TOO_COMMON, field, message }];
  }
  if (isContextWord(policy.contextNames, password)) {
    const message = 'must be more than a name in use here with digits or signs';
    return [{ code: ErrorCode.TOO_COMMON, field, message }];
  }
  return [];
}

/** A confirmation, when given, must repeat the password. */
export function confirmationViolations(
  password: string,
  confirmation: string | null | undefined,
  field: string,
): UserError[] {
  if (confirmation === null || confirmation === undefined) return [];
  if (normalizePassword(confirmation) === password) return [];
  return [{ code: ErrorCode.MISMATCH, field, message: 'does not match the password' }];
}

// What BCRYPT_COST accepts too: a hash of a greater cost would keep a thread busy for minutes.
const maxCost = 20;

/** What is wrong with a bcrypt hash that was made elsewhere: its form, or a cost beyond reason. */
export function passwordHashViolations(hash: string | null, field: string): UserError[] {
  if (hash === null) return [blank(field)];
  const cost = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1];
  if (cost !== undefined && Number(cost) >= 4 && Number(cost) <= maxCost) return [];
  const message = `must be a bcrypt hash ($2a$, $2b$ or $2y$) of a cost from 4 to ${maxCost}`;
  return [{ code: ErrorCode.INVALID, field, message }];
}

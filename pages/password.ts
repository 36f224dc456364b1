import type { UserError } from '../client/src/refusal.ts';
import { inWords, texts } from './language.ts';
import { passwordPolicy } from './settings.ts';

const words = texts.password;

const classes = [
  { rule: 'requireUppercase', pattern: /\p{Lu}/u, name: words.uppercase, forManagers: 'upper' },
  { rule: 'requireLowercase', pattern: /\p{Ll}/u, name: words.lowercase, forManagers: 'lower' },
  { rule: 'requireDigit', pattern: /\p{Nd}/u, name: words.digit, forManagers: 'digit' },
  {
    rule: 'requireSpecial',
    pattern: /[!?@#$%^&*_]/,
    name: words.special,
    forManagers: '[!?@#$%^&*_]',
  },
] as const;

const required = classes.filter(({ rule }) => passwordPolicy[rule]);

/** The rules in words. */
export function rulesInWords(): string {
  return words.rules(passwordPolicy.minLength, inWords(required.map(({ name }) => name)));
}

/** The rules as Apple's attribute `passwordrules` wants them, by which a generator keeps to them. */
export function rulesForManagers(): string {
  return [
    `minlength: ${passwordPolicy.minLength}`,
    'maxlength: 72',
    ...required.map(({ forManagers }) => `required: ${forManagers}`),
  ].join('; ');
}

/** What the server refused about a password, in the language of the page. */
export function describeFaults(errors: readonly UserError[], password: string): string {
  return [...new Set(errors.map((error) => describe(error, password)))].join(' ');
}

function describe({ code, message }: UserError, password: string): string {
  switch (code) {
    case 'REQUIRED':
      return words.missing;
    case 'TOO_SHORT':
      return words.tooShort(passwordPolicy.minLength);
    case 'TOO_LONG':
      return words.tooLong;
    case 'TOO_COMMON':
      return words.tooCommon;
    case 'UNCHANGED':
      return words.unchanged;
    case 'INVALID':
      return describeInvalid(password);
    default:
      return message;
  }
}

/** The server says the same of every class that is missing, so the page looks which these are. */
function describeInvalid(password: string): string {
  const missing = inWords(
    required.filter(({ pattern }) => !pattern.test(password)).map(({ name }) => name),
  );
  return missing === null ? words.notAllowed : words.lacks(missing);
}

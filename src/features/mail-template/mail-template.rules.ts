import type { MailKind } from '../mail/mail.rules.ts';

const ofAll = ['appName', 'appUrl', 'email'] as const;

/** What the template of each kind of mail may name in braces. */
export const placeholdersOf: Readonly<Record<MailKind, readonly string[]>> = {
  confirm: [...ofAll, 'link', 'expiresIn'],
  'reset-password': [...ofAll, 'link', 'expiresIn'],
  'change-email': [...ofAll, 'link', 'expiresIn', 'newEmail'],
  'password-changed': [...ofAll, 'time'],
  'email-changed': [...ofAll, 'time', 'newEmail'],
  'account-exists': [...ofAll, 'time'],
  'new-device': [...ofAll, 'time', 'device', 'ipAddress'],
};

export const mailKinds = Object.keys(placeholdersOf) as readonly MailKind[];

/** What the footer, one per language for all mails, may name. */
export const footerPlaceholders: readonly string[] = ofAll;

export const layoutPlaceholders: readonly string[] = [
  ...ofAll,
  ...['subject', 'preview', 'content', 'footer', 'language', 'direction'],
];

/** What a link may lead to: addresses that we make. Any other value could be a script's. */
export const linkPlaceholders: readonly string[] = ['link', 'appUrl'];

/** Who gets a language we do not have reads this one. */
export const defaultLanguage = 'en';

type Values = Readonly<Record<string, string>>;

/**
 * Puts values in the place of `{{names}}`, once: braces within a value stay what they are. Throws
 * for a name without a value, for a mail with a gap in it would mislead.
 */
export function fill(source: string, values: Values): string {
  return source.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`A mail was given no value for {{${name}}}`);
    return value;
  });
}

/** The names in the braces of a template, and whether there are braces that hold no name. */
export function namesIn(source: string): { names: readonly string[]; hasStrayBraces: boolean } {
  const names = [...source.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
  return { names, hasStrayBraces: /\{\{|\}\}/.test(source.replace(/\{\{\w+\}\}/g, '')) };
}

/**
 * A value as one line of text. Line breaks would add headers to a subject and paragraphs to a
 * text; marks of direction (Unicode UAX #9) would show what stands beside them the other way round.
 */
export function oneLine(value: string): string {
  return value
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** A BCP 47 tag as everybody writes it (`de-at` is `de-AT`); undefined when it is none. */
export function canonicalLocale(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** The language among `available` closest to a locale: its own, else with less after the dashes. */
export function closestLanguage(
  locale: string,
  available: (language: string) => boolean,
): string | undefined {
  // RFC 4647, 3.4: lookup.
  let language = canonicalLocale(locale) ?? '';
  while (language !== '' && !available(language)) {
    language = language.slice(0, Math.max(0, language.lastIndexOf('-')));
  }
  return language === '' ? undefined : language;
}

const scriptsFromTheRight = new Set(['Adlm', 'Arab', 'Hebr', 'Nkoo', 'Syrc', 'Thaa']);

export function directionOf(language: string): 'ltr' | 'rtl' {
  const { script } = new Intl.Locale(language).maximize();
  return scriptsFromTheRight.has(script ?? '') ? 'rtl' : 'ltr';
}

/** Seconds in words, in the largest unit that they fill: `7 days`, `1 hour`. */
export function durationInWords(seconds: number, locale: string): string {
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const [unit, size] = units.find(([, size]) => seconds % size === 0) ?? (['second', 1] as const);
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
  return format.format(seconds / size);
}

/** A moment in words. In UTC, for it is not known where a mail is read. */
export function timeInWords(time: Date, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `${format.format(time)} UTC`;
}

import { english } from './texts/english.ts';
import { french } from './texts/french.ts';
import { german } from './texts/german.ts';
import { spanish } from './texts/spanish.ts';
import type { Texts } from './texts/texts.ts';

const languages: Readonly<Record<string, Texts>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
};

/** The first language of the browser that the pages have words in, else English. */
export const language =
  navigator.languages
    .map((tag) => tag.toLowerCase().split('-')[0] ?? '')
    .find((name) => Object.hasOwn(languages, name)) ?? 'en';

export const texts: Texts = languages[language] ?? english;

/** A list in words: "a digit and an upper-case letter". Null when it is empty. */
export function inWords(list: readonly string[]): string | null {
  if (list.length === 0) return null;
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(list);
}

/** A time to wait in words: "in 40 seconds". */
export function inTime(seconds: number): string {
  const format = new Intl.RelativeTimeFormat(language);
  if (seconds < 90) return format.format(Math.max(1, Math.ceil(seconds)), 'second');
  if (seconds < 5400) return format.format(Math.ceil(seconds / 60), 'minute');
  return format.format(Math.ceil(seconds / 3600), 'hour');
}

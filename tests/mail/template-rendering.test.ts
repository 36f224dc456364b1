import { describe, expect, test } from 'vitest';
import {
  appUrl,
  hrefs,
  kinds,
  languages,
  renderer,
  shownText,
  token,
  values,
} from './templates.ts';

const render = renderer();

const every = kinds.flatMap((kind) =>
  languages.map((language) => ({ kind, language, mail: render(kind, language, values) })),
);

const linkOf: Readonly<Record<string, string>> = {
  confirm: `${appUrl}/confirm?token=${token}`,
  'reset-password': `${appUrl}/reset-password?token=${token}`,
  'change-email': `${appUrl}/confirm-email?token=${token}`,
};

const occurrences = (text: string, part: string) => text.split(part).length - 1;

describe.each(every)('the mail $kind in $language', ({ kind, language, mail }) => {
  test('is whole: one line of subject, no placeholder left, nothing undefined', () => {
    expect(mail.subject).toMatch(/^\S.{8,90}\S$/u);
    for (const part of [mail.subject, mail.text, mail.html]) {
      expect(part).not.toMatch(/\{\{|\}\}|undefined|null|NaN|Invalid Date/);
    }
    expect(mail.html).toContain(`<html lang="${language}" dir="ltr">`);
    expect(mail.html).toContain(`<title>${mail.subject.replaceAll("'", '&#39;')}</title>`);
    expect(mail.html).toMatch(/<div style="display: none[^"]*">\s*[\p{L}¿]/u);
  });

  test('leads where it should, once as a link and once to be copied', () => {
    const link = linkOf[kind];
    if (link === undefined) {
      expect(mail.html + mail.text).not.toContain(token);
      expect(hrefs(mail)).toEqual([appUrl, appUrl]);
      return;
    }
    expect(hrefs(mail)).toEqual([link, appUrl]);
    expect(occurrences(mail.html, link)).toBe(2);
    expect(occurrences(shownText(mail), link)).toBe(1);
    expect(occurrences(mail.text, link)).toBe(1);
    expect(mail.text.split('\n')).toContain(link);
    expect(mail.subject).not.toContain(token);
  });

  test('says the same as text and as HTML', () => {
    let rest = shownText(mail);
    const lines = mail.text.split('\n').map((line) => line.replace(/^- /, '').trim());
    for (const line of lines.filter((one) => one !== '' && one !== '--')) {
      const plain = line.replace(/\s+/g, ' ').replace(/ <https:[^>]+>/, '');
      expect(rest, plain).toContain(plain);
      rest = rest.replace(plain, '').trim();
    }
    // What is left is the name above it all, and how to do without the button.
    const [name, ...hint] = rest.split(/\s+/);
    expect(name).toBe('Gatehouse');
    expect(hint.length > 3).toBe(kind in linkOf);
  });

  test('loads nothing from elsewhere and runs nothing', () => {
    expect(mail.html).not.toMatch(/<(script|img|link|iframe|object|form|base)\b/i);
    expect(mail.html).not.toMatch(/\b(src|background|srcset|on\w+)=|url\(|@import|http-equiv/i);
  });

  test('names what it is about', () => {
    const named: Readonly<Record<string, readonly string[]>> = {
      'change-email': [values.newEmail],
      'email-changed': [values.newEmail, '2026'],
      'password-changed': ['2026', ':05'],
      'new-device': [values.device, values.ipAddress, '2026'],
    };
    for (const part of [values.email, 'Gatehouse', ...(named[kind] ?? [])]) {
      expect(mail.text.replace('14 h 05', '14:05')).toContain(part);
    }
  });
});

test('every language has words of its own', () => {
  for (const kind of kinds) {
    const mails = every.filter((one) => one.kind === kind).map(({ mail }) => mail);
    expect(new Set(mails.map(({ subject }) => subject)).size).toBe(languages.length);
    const lines = mails.flatMap(({ text }) => [...new Set(text.split('\n'))]);
    const shared = lines.filter((line, index) => lines.indexOf(line) !== index);
    expect(shared.filter((line) => !/^(|-- |https:\S+)$/.test(line))).toEqual([]);
  }
});

test('a mail is in the language closest to the locale, else in English', () => {
  const closest: readonly [locale: string | null, language: string][] = [
    ['de', 'de'],
    ['de-AT', 'de'],
    ['DE-ch', 'de'],
    ['de-Latn-DE-1996', 'de'],
    ['fr-CA', 'fr'],
    ['es-419', 'es'],
    ['en-GB', 'en'],
    ['it', 'en'],
    ['zh-Hant-TW', 'en'],
    ['deu-nonsense-', 'en'],
    ['d', 'en'],
    ['', 'en'],
    [null, 'en'],
  ];
  for (const [locale, language] of closest) {
    const { html } = render('confirm', locale, values);
    expect(html, locale ?? 'none').toContain(`<html lang="${language}"`);
  }
});

test('a mail says how long its link is good for and when something happened', () => {
  const text = (kind: string, locale: string) => render(kind, locale, values).text;
  expect(text('confirm', 'en')).toContain('valid for 7 days');
  expect(text('confirm', 'de')).toContain('7 Tage gültig');
  expect(text('reset-password', 'en')).toContain('valid for 1 hour');
  expect(text('reset-password', 'fr')).toContain('valable 1 heure');
  expect(text('change-email', 'es')).toContain('durante 7 días');
  expect(text('password-changed', 'en-GB')).toContain('on 9 March 2026 at 14:05 UTC');
  expect(text('password-changed', 'de-AT')).toMatch(/am 9\. März 2026 um 14:05 UTC/);
});

test('links begin with the address of the application and follow the configured paths', () => {
  const paths = { CONFIRM_PATH: '/a/b', RESET_PASSWORD_PATH: '/c', EMAIL_CHANGE_PATH: '/d' };
  const configured = renderer({ ...paths, APP_NAME: 'Sample & Sons' });
  for (const [kind, path] of [
    ['confirm', '/a/b'],
    ['reset-password', '/c'],
    ['change-email', '/d'],
  ] as const) {
    const mail = configured(kind, null, values);
    expect(hrefs(mail)[0]).toBe(`${appUrl}${path}?token=${token}`);
    expect(mail.subject).toContain('Sample & Sons');
    expect(mail.html).toContain('Sample &amp; Sons');
  }
});

test('a mail with a gap in it is not written', () => {
  for (const [name, kind] of [
    ['email', 'confirm'],
    ['token', 'confirm'],
    ['newEmail', 'email-changed'],
    ['device', 'new-device'],
    ['time', 'password-changed'],
  ] as const) {
    const { [name]: _, ...others } = values;
    expect(() => render(kind, 'en', others)).toThrow('was given no value for');
  }
  expect(() => render('greeting', 'en', values)).toThrow(
    'no template for mails of kind "greeting"',
  );
});

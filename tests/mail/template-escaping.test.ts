import { expect, test } from 'vitest';
import { hrefs, kinds, renderer, shownText, values } from './templates.ts';

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</td></table><h1>Pay here</h1>',
  '[click](javascript:alert(1))',
  '![x](https://evil.example/pixel.png)',
  '**bold** _and_ `code` # heading',
  '<!-- --><style>*{display:none}</style>',
  '{{link}} {{appUrl}} {{unknown}}',
  '$& $1 $$ \\1',
  '&lt;b&gt; &amp;amp;',
];

const named = ['email', 'newEmail', 'device', 'ipAddress'] as const;
const tags = (html: string) => html.match(/<\/?\w+/g) ?? [];

test.each(hostile)('the value %s stays text wherever a mail shows it', (value) => {
  const render = renderer();
  const evil = { ...values, ...Object.fromEntries(named.map((name) => [name, value])) };
  for (const kind of kinds) {
    const mail = render(kind, 'en', evil);
    const harmless = render(kind, 'en', values);
    expect(tags(mail.html)).toEqual(tags(harmless.html));
    expect(hrefs(mail)).toEqual(hrefs(harmless));
    expect(mail.text).toContain(value);
    expect(shownText(mail)).toContain(value);
    expect(mail.html).not.toContain('onerror=alert(1)>');
  }
});

test.each(hostile)('the name %s of the application stays text', (value) => {
  const render = renderer({ APP_NAME: value });
  const usual = renderer();
  for (const kind of kinds) {
    const mail = render(kind, 'de', values);
    expect(mail.subject).toContain(value);
    expect(tags(mail.html)).toEqual(tags(usual(kind, 'de', values).html));
    expect(hrefs(mail)).toEqual(hrefs(usual(kind, 'de', values)));
  }
});

test('a token is escaped in its link', () => {
  const mail = renderer()('confirm', 'en', { ...values, token: 'a"><b>&c=d#e' });
  expect(hrefs(mail)[0]).toMatch(/\?token=a%22%3E%3Cb%3E%26c%3Dd%23e$/);
});

test('a line break in a value adds no header to the subject and no line to the text', () => {
  const breaks = ['\r\n', '\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\f', '\0'];
  for (const lineBreak of breaks) {
    const value = `One${lineBreak}Bcc: everybody@example.com${lineBreak}${lineBreak}Pay here`;
    const mail = renderer({ APP_NAME: value })('new-device', 'en', { ...values, device: value });
    expect(mail.subject).toBe(
      'New sign-in to your One Bcc: everybody@example.com Pay here account',
    );
    expect(mail.text).toContain('- Device: One Bcc: everybody@example.com Pay here\n');
    expect(mail.text).not.toMatch(/[\r\u2028\u2029\u0085\v\f\0]/);
  }
});

test('a value cannot turn the text around it', () => {
  const { text, html } = renderer()('new-device', 'en', {
    ...values,
    device: 'Fire\u202Exof\u2066',
  });
  expect(text).toContain('Device: Firexof\n');
  expect(html).not.toMatch(/\p{Bidi_Control}/u);
});

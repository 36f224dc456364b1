import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { newestMail } from '../support/mailbox.ts';
import { registerUnconfirmed } from '../support/people.ts';
import { startProcess } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { appUrl, faultsIn, folderWith, hrefs, kinds, renderer, values } from './templates.ts';

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

const confirm = `Subject: Welcome to {{ appName }}
Preview: Nearly there

## Hello

Your address: *{{email}}*\\
[Terms](https://example.com/terms?a=1&b=2), <help@example.com>

3. One
4. Two **bold**

[Confirm]({{ link }} "Or so:")
`;

test('a template of the folder comes before our own, and the others stay', async () => {
  const folder = await folderWith({ 'confirm.en.md': confirm, 'README.md': 'Ours. {{x}}' });
  const render = renderer({ MAIL_TEMPLATES: folder });
  const usual = renderer();
  const mail = render('confirm', 'en', values);
  expect(mail.subject).toBe('Welcome to Gatehouse');
  expect(mail.text).toBe(`Hello

Your address: robin@example.com
Terms <https://example.com/terms?a=1&b=2>, help@example.com

3. One
4. Two bold

Confirm
${appUrl}/confirm?token=${values.token}

-- 
This message was sent to robin@example.com automatically by Gatehouse <${appUrl}>.
`);
  expect(mail.html).toContain('<em>robin@example.com</em><br>');
  expect(mail.html).toContain('<ol start="3"');
  expect(hrefs(mail)).toEqual([
    'https://example.com/terms?a=1&b=2',
    'mailto:help@example.com',
    `${appUrl}/confirm?token=${values.token}`,
    appUrl,
  ]);
  expect(render('confirm', 'de', values)).toEqual(usual('confirm', 'de', values));
  for (const kind of kinds.filter((one) => one !== 'confirm')) {
    expect(render(kind, 'en', values)).toEqual(usual(kind, 'en', values));
  }
});

test('files may have the line ends and the mark of Windows', async () => {
  const windows = `\uFEFF${confirm.replaceAll('\n', '\r\n')}`;
  const folder = await folderWith({ 'confirm.en.md': windows });
  const plain = await folderWith({ 'confirm.en.md': confirm });
  const [first, second] = [folder, plain].map((one) =>
    renderer({ MAIL_TEMPLATES: one })('confirm', 'en', values),
  );
  expect(first).toEqual(second);
});

test('the layout of the folder comes before our own, with the styles it puts inline', async () => {
  const layout = `<style data-inline>p, .button { color: "red" }</style>
<html lang="{{language}}"><title>{{subject}}</title>{{content}}<hr title='{{email}}' class="{{email}}">{{footer}}</html>`;
  const folder = await folderWith({ 'layout.html': layout });
  const render = renderer({ MAIL_TEMPLATES: folder, APP_NAME: '<Us>' });
  const { html } = render('confirm', 'fr', { ...values, email: `"a' b"@example.com` });
  const email = '&quot;a&#39; b&quot;@example.com';
  expect(html).toContain(`<hr title='${email}' class="${email}">`);
  expect(html).toMatch(/^<html lang="fr"><title>Confirmez .* &lt;Us&gt;<\/title><h1>Confirmez/);
  expect(html).toContain('<p style="color: &quot;red&quot;">Veuillez');
  expect(html).toContain('<td class="button" style="color: &quot;red&quot;">');
  expect(html).not.toContain('data-inline');
});

test('a folder may add languages, of which what is missing is in English', async () => {
  const folder = await folderWith({
    'confirm.pt-BR.md': 'Subject: Confirme\n\n[Confirmar]({{link}})\n',
    'footer.pt-BR.md': 'Enviado para {{email}}.',
    'confirm.ar.md': 'Subject: تأكيد\n\n[تأكيد]({{link}})\n',
    'footer.ar.md': '{{email}}',
  });
  const render = renderer({ MAIL_TEMPLATES: folder });
  expect(render('confirm', 'pt-br', values).subject).toBe('Confirme');
  expect(render('confirm', 'pt-BR', values).text).toMatch(/\nEnviado para robin@example\.com\.\n$/);
  expect(render('confirm', 'pt-PT', values).html).toContain('<html lang="en" dir="ltr">');
  expect(render('confirm', 'ar-EG', values).html).toContain('<html lang="ar" dir="rtl">');
  expect(render('new-device', 'pt-BR', values)).toEqual(render('new-device', 'en', values));
});

const link = '[Go]({{link}})';
const accepted = 'accepted: {{appName}}, {{appUrl}}, {{email}}';
const broken: readonly [why: string, name: string, content: string, fault: string][] = [
  ['no subject', 'confirm.en.md', link, 'has no subject'],
  ['a blank subject', 'confirm.en.md', `Subject: \n\n${link}`, 'has no subject'],
  ['no empty line', 'confirm.en.md', `Subject: A\n${link}`, 'before the first empty line'],
  ['an unknown name', 'confirm.de.md', `Subject: A\n\n${link} {{nme}}`, `{{nme}}; ${accepted}`],
  ['another mail’s name', 'confirm.de.md', `Subject: A\n\n${link} {{device}}`, 'has {{device}}'],
  ['an unknown name above', 'confirm.es.md', `Subject: {{b}}\n\n${link}`, `{{b}}; ${accepted}`],
  ['the link above', 'confirm.es.md', `Subject: A\nPreview: {{link}}\n\n${link}`, 'has {{link}}'],
  ['lone braces', 'confirm.fr.md', `Subject: A\n\n${link} {{ app name }}`, 'has {{ or }} without'],
  ['no link', 'reset-password.en.md', 'Subject: A\n\n{{link}}', 'has no link to {{link}}'],
  ['HTML', 'new-device.en.md', 'Subject: A\n\nA <b>bold</b> one', 'has "<b>"; accepted: heading'],
  ['an image', 'new-device.en.md', 'Subject: A\n\n![a](https://e.x/a.png)', 'has "![a]('],
  ['a table', 'new-device.en.md', 'Subject: A\n\n|a|b|\n|-|-|\n|1|2|', 'has "|a|b|"'],
  ['a script', 'new-device.en.md', 'Subject: A\n\n[a](javascript:alert(1))', 'links to "javascr'],
  ['a value as link', 'new-device.en.md', 'Subject: A\n\n[a]({{device}})', 'links to "{{device}}"'],
  ['a value in one', 'new-device.en.md', 'Subject: A\n\n[a](https://{{email}})', 'links to "https'],
  [
    'a name nobody knows',
    'confrim.en.md',
    `Subject: A\n\n${link}`,
    'is no template; accepted: lay',
  ],
  ['a language that is none', 'confirm.x_y.md', `Subject: A\n\n${link}`, 'is no template'],
  ['no language', 'confirm.md', `Subject: A\n\n${link}`, 'is no template'],
  ['a layout without content', 'layout.html', '{{footer}}', 'has no {{content}}'],
  ['a layout without footer', 'layout.html', '{{content}}', 'has no {{footer}}'],
  ['a name in the layout', 'layout.html', '{{content}}{{footer}}{{x}}', 'has {{x}}; accepted'],
  ['a name in the footer', 'footer.en.md', '{{link}}', `has {{link}}; ${accepted}`],
];

test.each(broken)('a template with %s is refused', async (_why, name, content, fault) => {
  const folder = await folderWith({ [name]: content });
  const faults = faultsIn(folder);
  expect(faults.length).toBeGreaterThan(0);
  for (const one of faults) expect(one.startsWith(`${join(folder, name)} `), one).toBe(true);
  expect(faults.join('\n')).toContain(fault);
});

test('a language without a footer is refused', async () => {
  const folder = await folderWith({ 'confirm.it.md': `Subject: A\n\n${link}` });
  expect(faultsIn(folder)).toEqual([
    `${join(folder, 'footer.it.md')} is missing; accepted: one a language`,
  ]);
});

test('what cannot be used ends the start before the database is asked, naming it all', async () => {
  const folder = await folderWith({
    'confirm.en.md': '{{nobody}}',
    'confirm.de.md': `Subject: A\n\n${link} <br>`,
  });
  const server = startProcess({
    MAIL_TEMPLATES: folder,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
  });
  expect(await server.exited).toEqual({ code: 1, signal: null });
  expect(server.printed()).toContain('could not start. The configuration cannot be used:');
  expect(server.printed()).toContain(`  ${join(folder, 'confirm.en.md')} has no subject`);
  expect(server.printed()).toContain(`  ${join(folder, 'confirm.de.md')} has "<br>"`);
  expect(server.printed()).not.toMatch(/ECONNREFUSED|^ +at /m);
});

test('a folder that cannot be read ends the start', () => {
  const folder = join(import.meta.dirname, 'nowhere');
  expect(faultsIn(folder)).toEqual([
    `MAIL_TEMPLATES is "${folder}"; accepted: a folder that can be read`,
  ]);
});

test('people get the mails of the folder', async () => {
  const folder = await folderWith({ 'confirm.en.md': confirm });
  const server = await startTestServer({ MAIL_TEMPLATES: folder, APP_NAME: 'Example' });
  running.push(server);
  await registerUnconfirmed(server); // the Owner, whose address needs no proof
  const { email } = await registerUnconfirmed(server);
  const mail = await newestMail(server, email);
  expect(mail.subject).toBe('Welcome to Example');
  expect(mail.text).toContain(`Your address: ${email}\n`);
  expect(mail.token).toMatch(/^[\w-]{64}$/);
});

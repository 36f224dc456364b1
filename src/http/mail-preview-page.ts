import { createHash } from 'node:crypto';
import type { RenderedMail } from '../context.ts';
import { escapeHtml } from '../text.ts';
import { developmentStyle } from './development-style.ts';

const style = `${developmentStyle}
body { max-width: 76rem; margin: 0 auto; padding: 1.25rem; }
h1 { margin: 0 0 1rem; font-size: 1.375rem; overflow-wrap: anywhere; }
h2 { margin: 1.5rem 0 0.5rem; font-size: 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td {
  padding: 0.5rem 1.25rem 0.5rem 0;
  border-bottom: 1px solid var(--line);
  text-align: left;
  font-weight: 400;
}
dl { margin: 0; }
.frames { display: flex; flex-wrap: wrap; gap: 1.25rem; }
figure { margin: 0; max-width: 100%; }
figcaption { color: var(--text-muted); font-size: 0.9rem; }
iframe {
  display: block;
  max-width: 100%;
  height: 46rem;
  border: 1px solid var(--line);
  border-radius: 0.375rem;
  resize: both;
}
.wide { width: 640px; color-scheme: light; }
.narrow { width: 360px; color-scheme: dark; }
`;

/** What the policy of the pages has to name, so that this style and no other applies. */
export const previewStyleSource = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

/** Every kind of mail, with a link for each language. */
export function listPage(kinds: readonly string[], languages: readonly string[]): string {
  const rows = kinds.map((kind) => {
    const cells = languages.map((language) => {
      const path = escapeHtml(`/dev/mail-preview/${kind}/${language}`);
      const name = escapeHtml(languageName(language));
      return `<td><a href="${path}" aria-label="${escapeHtml(kind)}, ${name}">${name}</a></td>`;
    });
    return `<tr><th scope="row">${escapeHtml(kind)}</th>${cells.join('')}</tr>`;
  });
  return page('Mails', `<div class="scroll"><table>${rows.join('\n')}</table></div>`);
}

/** A mail as it arrives: subject, HTML on a wide light and a narrow dark screen, and text. */
export function mailPage(kind: string, language: string, mail: RenderedMail): string {
  const source = escapeHtml(`/dev/mail-preview/${kind}/${language}/html`);
  const frame = (name: string, title: string) =>
    `<figure><iframe class="${name}" title="${title}" sandbox src="${source}"></iframe>
<figcaption>${title}</figcaption></figure>`;
  return page(
    mail.subject,
    `<p><a href="/dev/mail-preview">All mails</a></p>
<dl><dt>Mail</dt><dd>${escapeHtml(kind)}</dd>
<dt>Language</dt><dd>${escapeHtml(languageName(language))}</dd>
<dt>Subject</dt><dd>${escapeHtml(mail.subject)}</dd></dl>
<h2>As HTML</h2>
<div class="frames">${frame('wide', 'Wide and light')}${frame('narrow', 'Narrow and dark')}</div>
<h2>As text</h2>
<pre>${escapeHtml(mail.text)}</pre>`,
  );
}

/** What keeps the templates from being used. */
export function faultPage(faults: readonly string[]): string {
  const list = faults.map((fault) => `<li>${escapeHtml(fault)}</li>`).join('\n');
  return page('The templates cannot be used', `<ul>${list}</ul>`);
}

function languageName(language: string): string {
  return new Intl.DisplayNames('en', { type: 'language' }).of(language) ?? language;
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – Mail preview</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
</main>
</body>
</html>
`;
}

import { createHash } from 'node:crypto';
import type { MailboxMail } from '../features/mail/mailbox.service.ts';
import { escapeHtml } from '../text.ts';
import { developmentStyle } from './development-style.ts';

const style = `${developmentStyle}
:root { --chosen: light-dark(#e3e9fb, #33415f); }
body { margin: 0; }
header {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem 2rem;
  align-items: center;
  justify-content: space-between;
  padding: 0.75rem 1.25rem;
  border-bottom: 1px solid var(--line);
}
h1 { margin: 0; font-size: 1.25rem; }
h2 { margin: 0 0 0.75rem; font-size: 1.375rem; overflow-wrap: anywhere; }
h3 { margin: 1.5rem 0 0.5rem; font-size: 1rem; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
input, button {
  max-width: 100%;
  min-height: 2.5rem;
  padding: 0.25rem 0.75rem;
  font: inherit;
  color: inherit;
  background: var(--ground);
  border: 1px solid var(--text-muted);
  border-radius: 0.375rem;
}
.columns { display: grid; grid-template-columns: minmax(16rem, 24rem) minmax(0, 1fr); }
nav {
  min-height: calc(100vh - 4rem);
  background: var(--ground-muted);
  border-right: 1px solid var(--line);
}
ol { margin: 0; padding: 0; list-style: none; }
nav a {
  display: block;
  padding: 0.75rem 1.25rem;
  color: inherit;
  text-decoration: none;
  border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere;
}
nav a:hover { text-decoration: underline; }
nav a[aria-current] { background: var(--chosen); }
nav strong, nav span { display: block; }
nav span, .empty { color: var(--text-muted); font-size: 0.9rem; }
.empty { padding: 1.25rem; margin: 0; }
main { padding: 1.25rem; }
dl { margin: 0 0 1rem; }
iframe {
  width: 100%;
  height: 40rem;
  background: #ffffff;
  border: 1px solid var(--line);
  border-radius: 0.375rem;
  resize: vertical;
}
.links li { overflow-wrap: anywhere; }
@media (max-width: 50rem) {
  .columns { grid-template-columns: minmax(0, 1fr); }
  nav { min-height: 0; max-height: 40vh; overflow-y: auto; border-right: 0; }
}
`;

/** What the policy of the page has to name, so that this style and no other applies. */
export const mailboxStyleSource = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

/** The mailbox: the list beside the mail that was chosen. `to` is the address asked for. */
export function mailboxPage(
  mails: readonly MailboxMail[],
  mail: MailboxMail | undefined,
  to: string | null,
): string {
  const list = mails.map((one) => listItem(one, one === mail, to)).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(mail ? `${mail.subject} – Mailbox` : 'Mailbox')}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Mailbox</h1>
<form action="/dev/mailbox" role="search">
<label for="to">Mail to</label>
<input id="to" name="to" type="search" size="30" value="${escapeHtml(to ?? '')}" autocomplete="off">
<button>Show</button>
<a href="${pageAddress(null, to)}">Look for new mail</a>
</form>
</header>
<div class="columns">
<nav aria-label="Mails, newest first">
${list === '' ? emptyList(to) : `<ol>${list}</ol>`}
</nav>
<main>
${mail ? article(mail, to) : '<p>Choose a mail to read it here.</p>'}
</main>
</div>
</body>
</html>
`;
}

function emptyList(to: string | null): string {
  const none = to === null ? 'No mail yet.' : `No mail to ${escapeHtml(to)} yet.`;
  return `<p class="empty">${none} What Gatehouse would send arrives here.</p>`;
}

function listItem(mail: MailboxMail, isChosen: boolean, to: string | null): string {
  const current = isChosen ? ' aria-current="true"' : '';
  return `<li><a href="${pageAddress(mail.id, to)}"${current}><strong>${escapeHtml(mail.subject)}</strong>
<span>${escapeHtml(mail.to)}</span><span>${time(mail.createdAt)}</span></a></li>`;
}

function article(mail: MailboxMail, to: string | null): string {
  const links = mail.links.map((link) => `<li>${anchor(link)}</li>`).join('');
  return `<article aria-labelledby="subject">
<h2 id="subject">${escapeHtml(mail.subject)}</h2>
<dl>
<dt>To</dt><dd>${escapeHtml(mail.to)}</dd>
<dt>Sent</dt><dd>${time(mail.createdAt)}</dd>
</dl>
${links === '' ? '' : `<h3>Links</h3><ul class="links">${links}</ul>`}
<h3>As HTML</h3>
<iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox"
src="${address('/dev/mailbox/mail', mail.id, to)}"></iframe>
<h3>As text</h3>
<pre>${escapeHtml(mail.text)}</pre>
</article>`;
}

const anchor = (link: string) => `<a href="${escapeHtml(link)}">${escapeHtml(link)}</a>`;

function time(date: Date): string {
  const instant = date.toISOString();
  return `<time datetime="${instant}">${instant.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

const pageAddress = (id: string | null, to: string | null) => address('/dev/mailbox', id, to);

function address(path: string, id: string | null, to: string | null): string {
  const query = new URLSearchParams();
  if (to !== null) query.set('to', to);
  if (id !== null) query.set('id', id);
  return escapeHtml(query.size === 0 ? path : `${path}?${query.toString()}`);
}

/** The mail by itself, to be framed. Its links open beside the mailbox and not within the frame. */
export function mailDocument({ html }: MailboxMail): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, `$&${base}`) : `${base}${html}`;
}

import { showMissingLink, type LinkKind } from './broken-link.ts';
import { showConfirmation } from './confirmation.ts';
import { language } from './language.ts';
import { showReset } from './reset.ts';
import './styles.css';

/**
 * The token of the link, which leaves the address at once: there it would get into the history,
 * into bookmarks and over the shoulder. It is kept in memory only.
 */
function takeToken(): string | null {
  const token = new URLSearchParams(location.search).get('token')?.trim();
  history.replaceState(null, '', location.pathname);
  return token === undefined || token === '' ? null : token;
}

function linkKind(): LinkKind {
  if (location.pathname.endsWith('/reset-password')) return 'reset';
  return location.pathname.endsWith('/confirm-email') ? 'emailChange' : 'confirm';
}

const token = takeToken();
const kind = linkKind();
document.documentElement.lang = language;

if (token === null) showMissingLink(kind);
else if (kind === 'reset') void showReset(token);
else showConfirmation(kind, token);

import { showBrokenLink } from './broken-link.ts';
import { paragraphs } from './elements.ts';
import { formOf } from './form.ts';
import { texts } from './language.ts';
import { confirmEmail, confirmEmailChange } from './operations.ts';
import { appName } from './settings.ts';
import { show } from './view.ts';

const mutations = { confirm: confirmEmail, emailChange: confirmEmailChange };

/**
 * Confirms an address, or the change to one, at the press of a button: programs that look at mail
 * open every link, and must not be taken for its reader.
 */
export function showConfirmation(kind: keyof typeof mutations, token: string): void {
  const words = texts[kind];
  const submit = async () => {
    const [error] = await mutations[kind](token);
    if (error === undefined) showDone(kind);
    else if (error.code === 'TAKEN') showTaken();
    else showBrokenLink(kind);
    return null;
  };
  const form = formOf({ button: words.button, submit });
  show({ title: words.title, content: [...paragraphs(words.lead), form] });
}

function showDone(kind: keyof typeof mutations): void {
  const { doneTitle, doneLead } = texts[kind];
  show({ title: doneTitle, sign: 'done', content: paragraphs(doneLead(appName)) });
}

/** Someone else took the address after the mail was sent. */
function showTaken(): void {
  const { takenTitle, takenLead } = texts.emailChange;
  show({ title: takenTitle, sign: 'problem', content: paragraphs(takenLead(appName)) });
}

import { showBrokenLink } from './broken-link.ts';
import { element, paragraphs } from './elements.ts';
import { newPasswordField } from './field.ts';
import { formOf } from './form.ts';
import { texts } from './language.ts';
import { findPasswordReset, resetPassword } from './operations.ts';
import { describeFaults, rulesForManagers, rulesInWords } from './password.ts';
import { describeFailure } from './requests.ts';
import { appName } from './settings.ts';
import { announce, show } from './view.ts';

const words = texts.reset;

/** Asks whether the link works, then for a new password. */
export async function showReset(token: string): Promise<void> {
  announce(texts.wait);
  try {
    const maskedEmail = await findPasswordReset(token);
    if (maskedEmail === null) showBrokenLink('reset');
    else showForm(token, maskedEmail);
  } catch (failure) {
    showFailure(failure, token);
  }
}

function showForm(token: string, maskedEmail: string): void {
  const field = newPasswordField(rulesInWords(), rulesForManagers());
  const submit = async () => {
    const password = field.value();
    const errors = await resetPassword(token, password);
    if (errors.some(({ code }) => code === 'INVALID_TOKEN')) showBrokenLink('reset');
    else if (errors.length > 0) return describeFaults(errors, password);
    else showDone();
    return null;
  };
  const account = element('p', { class: 'lead' }, [
    `${words.account} `,
    element('strong', {}, [maskedEmail]),
  ]);
  const form = formOf({ field, button: words.button, submit });
  show({ title: words.title, content: [account, form] });
}

function showDone(): void {
  show({ title: words.doneTitle, sign: 'done', content: paragraphs(words.doneLead(appName)) });
}

/** The link has not been looked at, so it is kept for another attempt. */
function showFailure(failure: unknown, token: string): void {
  const form = formOf({
    button: texts.failure.again,
    submit: async () => {
      await showReset(token);
      return null;
    },
  });
  const content = [...paragraphs(describeFailure(failure)), form];
  show({ title: texts.failure.title, sign: 'problem', content });
}

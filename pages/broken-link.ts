import type { UserError } from '../client/src/refusal.ts';
import { paragraphs } from './elements.ts';
import { emailField } from './field.ts';
import { formOf } from './form.ts';
import { texts } from './language.ts';
import { requestEmailConfirmation, requestPasswordReset } from './operations.ts';
import { appName } from './settings.ts';
import { show } from './view.ts';

export type LinkKind = 'confirm' | 'emailChange' | 'reset';

/** What there is to say about each kind of link, and how one gets a new one. */
const remedies: Readonly<Record<LinkKind, () => readonly Node[]>> = {
  confirm: () => [
    ...paragraphs(texts.link.perhapsConfirmed),
    requestForm(requestEmailConfirmation, texts.request.sentConfirm),
  ],
  // It takes the password, which only the application can ask for.
  emailChange: () => paragraphs(texts.link.askAgain(appName)),
  reset: () => [requestForm(requestPasswordReset, texts.request.sentReset)],
};

/** A link that is wrong, used or expired. */
export function showBrokenLink(kind: LinkKind): void {
  const content = [...paragraphs(texts.link.brokenLead), ...remedies[kind]()];
  show({ title: texts.link.brokenTitle, sign: 'problem', content });
}

/** No link: the page was reloaded, or the address was cut off. */
export function showMissingLink(kind: LinkKind): void {
  const content = [...paragraphs(texts.link.missingLead), ...remedies[kind]()];
  show({ title: texts.link.missingTitle, content });
}

function requestForm(
  request: (email: string) => Promise<readonly UserError[]>,
  sent: (email: string) => string,
): HTMLElement {
  const field = emailField();
  return formOf({
    field,
    button: texts.request.button,
    submit: async () => {
      const email = field.value().trim();
      const [error] = await request(email);
      if (error !== undefined) return describe(error);
      const content = paragraphs(sent(email));
      show({ title: texts.request.sentTitle, sign: 'done', content });
      return null;
    },
  });
}

function describe({ code, message }: UserError): string {
  switch (code) {
    case 'REQUIRED':
      return texts.request.missing;
    case 'INVALID':
    case 'TOO_LONG':
      return texts.request.invalid;
    case 'ALREADY_CONFIRMED':
      return texts.request.alreadyConfirmed;
    default:
      return message;
  }
}

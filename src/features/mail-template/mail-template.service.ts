import type { Config } from '../../config/config.ts';
import type { RenderMail } from '../../context.ts';
import { escapeHtml } from '../../text.ts';
import type { MailKind } from '../mail/mail.rules.ts';
import { tokenLives, type TokenContext } from '../one-time-token/one-time-token.rules.ts';
import { loadMailTemplates, type MailTemplate, type MailTemplates } from './mail-template.files.ts';
import {
  closestLanguage,
  defaultLanguage,
  directionOf,
  durationInWords,
  fill,
  oneLine,
  timeInWords,
} from './mail-template.rules.ts';

type Values = Readonly<Record<string, string>>;

/** Where the link of a mail leads, and what says how long it is good for. */
const links: Partial<
  Record<MailKind, { path: keyof Config['mail']['paths']; token: TokenContext }>
> = {
  confirm: { path: 'confirm', token: 'confirm' },
  'reset-password': { path: 'resetPassword', token: 'reset_password' },
  'change-email': { path: 'emailChange', token: 'change_email' },
};

/**
 * Writes mails from the templates, which are read now. `publicUrl` is where people reach the
 * application: links begin with it. Throws ConfigError for templates that cannot be used.
 */
export function createRenderMail(
  config: Config,
  publicUrl: () => string,
  templates: MailTemplates = loadMailTemplates(config.mail.templates),
): RenderMail {
  return (kind, locale, given) => {
    const { template, language, footer, formats } = choose(templates, kind as MailKind, locale);
    const appUrl = publicUrl();
    const values = {
      ...given,
      appName: config.http.appName,
      appUrl,
      ...linkValues(config, kind as MailKind, appUrl, given.token, formats),
      ...(given.time && { time: timeInWords(new Date(given.time), formats) }),
    };
    return write(templates.layout, template, footer, language, values);
  };
}

/** The template and footer closest to a locale, and the locale that writes dates and durations. */
function choose(templates: MailTemplates, kind: MailKind, locale: string | null) {
  const mails = templates.mails.get(kind);
  const found = closestLanguage(locale ?? '', (one) => mails?.has(one) ?? false);
  const language = found ?? defaultLanguage;
  const template = mails?.get(language);
  const footerLanguage = closestLanguage(language, (one) => templates.footers.has(one));
  const footer = templates.footers.get(footerLanguage ?? defaultLanguage);
  if (!template || !footer) throw new Error(`There is no template for mails of kind "${kind}"`);
  return { template, footer, language, formats: found && locale ? locale : language };
}

function linkValues(
  config: Config,
  kind: MailKind,
  appUrl: string,
  token: string | undefined,
  locale: string,
): Values {
  const link = links[kind];
  if (link === undefined || token === undefined) return {};
  return {
    link: `${appUrl}${config.mail.paths[link.path]}?token=${encodeURIComponent(token)}`,
    expiresIn: durationInWords(config.tokenSeconds[tokenLives[link.token]], locale),
  };
}

function write(
  layout: string,
  template: MailTemplate,
  footer: MailTemplate,
  language: string,
  values: Values,
) {
  const plain = mapValues(values, oneLine);
  const escaped = mapValues(plain, escapeHtml);
  return {
    subject: fill(template.subject, plain),
    text: `${fill(template.text, plain)}\n\n-- \n${fill(footer.text, plain)}\n`,
    html: fill(layout, {
      ...escaped,
      subject: fill(escapeHtml(template.subject), escaped),
      preview: fill(escapeHtml(template.preview), escaped),
      content: fill(template.html, escaped),
      footer: fill(footer.html, escaped),
      language,
      direction: directionOf(language),
    }),
  };
}

function mapValues(values: Values, change: (value: string) => string): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

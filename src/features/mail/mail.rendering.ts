import type { Config } from '../../config.ts';
import type { RenderMail } from '../../context.ts';
import type { MailKind } from './mail.rules.ts';

/** Writes mails. `publicUrl` is where people reach the application: links begin with it. */
export function createRenderMail(config: Config, publicUrl: () => string): RenderMail {
  const { paths } = config.mail;
  const linkPaths: Partial<Record<MailKind, string>> = {
    confirm: paths.confirm,
    'reset-password': paths.resetPassword,
    'change-email': paths.emailChange,
  };
  return (kind, _locale, values) => {
    const path = linkPaths[kind as MailKind];
    const link = path && `${publicUrl()}${path}?token=${values.token ?? ''}`;
    return { subject: kind, text: link ?? kind, html: `<p>${link ?? kind}</p>` };
  };
}

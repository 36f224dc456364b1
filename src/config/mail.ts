import type { Variables } from './variables.ts';

export interface MailConfig {
  /** SendGrid before SMTP; without either the development mailbox takes all mail. */
  readonly sendgrid: { readonly apiKey: string; readonly url: string } | undefined;
  readonly smtpUrl: string | undefined;
  readonly from: string;
  /** A folder whose templates come before our own. */
  readonly templates: string | undefined;
  /** Where the links in mails lead, below the address of the application. */
  readonly paths: {
    readonly confirm: string;
    readonly resetPassword: string;
    readonly emailChange: string;
  };
}

export function toMail(env: Variables): MailConfig {
  const { SENDGRID_API_KEY: apiKey, SENDGRID_URL: url = 'https://api.sendgrid.com' } = env;
  return {
    sendgrid: apiKey === undefined ? undefined : { apiKey, url },
    smtpUrl: env.SMTP_URL,
    from: env.MAIL_FROM ?? `${env.APP_NAME ?? 'Gatehouse'} <no-reply@localhost>`,
    templates: env.MAIL_TEMPLATES,
    paths: {
      confirm: env.CONFIRM_PATH ?? '/confirm',
      resetPassword: env.RESET_PASSWORD_PATH ?? '/reset-password',
      emailChange: env.EMAIL_CHANGE_PATH ?? '/confirm-email',
    },
  };
}

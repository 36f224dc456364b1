/** Every mail Gatehouse sends, and what its template is given beside the names of all. */
export interface MailValues {
  /** Proves the address of a new account. */
  readonly confirm: { readonly token: string };
  readonly 'reset-password': { readonly token: string };
  /** To the new address. */
  readonly 'change-email': { readonly token: string; readonly newEmail: string };
  readonly 'password-changed': Record<string, never>;
  /** To the old address. */
  readonly 'email-changed': { readonly newEmail: string };
  /** Someone tried to register an address that has an account. */
  readonly 'account-exists': Record<string, never>;
  readonly 'new-device': { readonly device: string; readonly ipAddress: string };
}

export type MailKind = keyof MailValues;
export type MailState = 'queued' | 'sent' | 'failed';

/** The kinds and states under the names that clients use. */
export const mailKindNames = {
  CONFIRM: 'confirm',
  RESET_PASSWORD: 'reset-password',
  CHANGE_EMAIL: 'change-email',
  PASSWORD_CHANGED: 'password-changed',
  EMAIL_CHANGED: 'email-changed',
  ACCOUNT_EXISTS: 'account-exists',
  NEW_DEVICE: 'new-device',
} as const satisfies Readonly<Record<string, MailKind>>;
export const mailStateNames = {
  QUEUED: 'queued',
  SENT: 'sent',
  FAILED: 'failed',
} as const satisfies Readonly<Record<string, MailState>>;

/** The rules for passwords, as far as a person has to know them before typing one. */
export interface PasswordPolicy {
  readonly minLength: number;
  readonly requireUppercase: boolean;
  readonly requireLowercase: boolean;
  readonly requireDigit: boolean;
  readonly requireSpecial: boolean;
}

// The server writes both into the page.
const { appName: name = '', passwordPolicy: policy = '{}' } = document.documentElement.dataset;

export const appName = name;
export const passwordPolicy = JSON.parse(policy) as PasswordPolicy;

import { domainToUnicode } from 'node:url';
import { toMail } from './mail.ts';
import type { Variables } from './variables.ts';

export interface PasswordPolicy {
  readonly minLength: number;
  readonly requireUppercase: boolean;
  readonly requireLowercase: boolean;
  readonly requireDigit: boolean;
  readonly requireSpecial: boolean;
  /** What this installation is called, which is what strangers try first. */
  readonly contextNames: readonly string[];
}

export interface PasswordConfig extends PasswordPolicy {
  readonly bcryptCost: number;
  /** Where ranges of breached passwords are asked for; undefined when nobody is asked. */
  readonly breachesUrl: string | undefined;
}

export function toPassword(env: Variables): PasswordConfig {
  return {
    bcryptCost: env.BCRYPT_COST ?? 12,
    breachesUrl: env.BREACHED_PASSWORDS_URL,
    minLength: env.PASSWORD_MIN_LENGTH ?? 8,
    requireUppercase: env.PASSWORD_REQUIRE_UPPERCASE ?? false,
    requireLowercase: env.PASSWORD_REQUIRE_LOWERCASE ?? false,
    requireDigit: env.PASSWORD_REQUIRE_DIGIT ?? false,
    requireSpecial: env.PASSWORD_REQUIRE_SPECIAL ?? false,
    contextNames: contextNames(env),
  };
}

/** Gatehouse, the application, its host, and of the sender the name, the local part and the host. */
function contextNames(env: Variables): string[] {
  const host = env.APP_URL === undefined ? 'localhost' : new URL(env.APP_URL).hostname;
  const sender = toMail(env).from.split(/[<@>]/);
  const names = ['Gatehouse', env.APP_NAME ?? '', domainToUnicode(host), ...sender];
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
}

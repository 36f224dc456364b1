import type { PasswordPolicy } from '../../config/password.ts';
import type { UserError } from '../../errors.ts';
import { cleanText } from '../../text.ts';
import {
  confirmationViolations,
  normalizePassword,
  passwordViolations,
} from '../password/password.rules.ts';
import { emailViolations, nameViolations, usernameViolations } from '../user/user.rules.ts';
import { deriveUsername } from './registration.rules.ts';

/** What a new account is asked for with, whoever asks. */
export interface AccountInput {
  readonly email: string;
  /** None for who is to choose one later. */
  readonly password?: string | null | undefined;
  readonly passwordConfirmation?: string | null | undefined;
  readonly username?: string | null | undefined;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
}

/** What was typed, cleaned. */
export interface Candidate {
  readonly email: string;
  readonly username: string | null;
  readonly derivedUsername: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly password: string | null;
}

export function readCandidate(input: AccountInput): Candidate {
  const email = cleanText(input.email) ?? '';
  const { password = null } = input;
  return {
    email,
    derivedUsername: deriveUsername(email),
    username: cleanText(input.username),
    firstName: cleanText(input.firstName),
    lastName: cleanText(input.lastName),
    password: password === null ? null : normalizePassword(password),
  };
}

/** Everything wrong with a candidate by itself, whoever holds which address and username. */
export function candidateViolations(
  policy: PasswordPolicy,
  input: AccountInput,
  candidate: Candidate,
): UserError[] {
  const { email, username, firstName, lastName, password } = candidate;
  const names = [email, username ?? candidate.derivedUsername];
  return [
    ...emailViolations(email || null, 'input.email'),
    ...usernameViolations(username, 'input.username'),
    ...nameViolations(firstName, 'input.firstName'),
    ...nameViolations(lastName, 'input.lastName'),
    ...(password === null ? [] : passwordViolations(policy, password, 'input.password', names)),
    ...confirmationViolations(
      password ?? '',
      input.passwordConfirmation,
      'input.passwordConfirmation',
    ),
  ];
}

import { isAdministrator } from '../../actor.ts';
import { transaction, type Ctx } from '../../context.ts';
import { Denial, Refusal, type UserError } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { cleanText } from '../../text.ts';
import { sendConfirmation } from '../email/confirmation.service.ts';
import { locate } from '../location/location.service.ts';
import {
  confirmationViolations,
  normalizePassword,
  passwordViolations,
} from '../password/password.rules.ts';
import { hashPassword } from '../password/password.service.ts';
import { openSession, type OpenedSession } from '../session/session.service.ts';
import { emailViolations, nameViolations, usernameViolations } from '../user/user.rules.ts';
import { createAccount, takenViolations, type NewAccount } from './account.service.ts';
import { registerUnseen } from './hidden-registration.service.ts';
import { deriveUsername } from './registration.rules.ts';

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly passwordConfirmation?: string | null | undefined;
  readonly username?: string | null | undefined;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly signIn?: boolean | null | undefined;
}

export interface Registered {
  readonly userId: UserId;
  readonly session: OpenedSession | undefined;
}

/** What was typed, cleaned. */
interface Candidate extends Omit<NewAccount, 'passwordHash' | 'place'> {
  readonly password: string;
}

/**
 * Makes an account: user, role, audit entry, confirmation mail and, when asked, a session are one
 * transaction. The first account of a database becomes its confirmed Owner. Refuses with every
 * violation found, `TAKEN` among them; denied as `FORBIDDEN` when registration is closed. Where
 * registered addresses are hidden from the caller it answers undefined, whatever it did.
 */
export async function register(ctx: Ctx, input: Registration): Promise<Registered | undefined> {
  requireOpenRegistration(ctx);
  const candidate = readCandidate(input);
  if (candidateViolations(ctx, input, candidate).length > 0) {
    throw new Refusal(await registrationViolations(ctx, input));
  }
  // Before the insert, so that a taken address takes as long to refuse as a free one to accept.
  const passwordHash = await hashPassword(ctx, candidate.password);
  const place = await locate(ctx, ctx.client.address);
  const account = { ...candidate, passwordHash, place };
  if (hidesEmails(ctx)) {
    await registerUnseen(ctx, account);
    return undefined;
  }
  return transaction(ctx, async (ctx) => {
    const { userId, isOwner } = await createAccount(ctx, account);
    const { email } = account;
    if (!isOwner) await sendConfirmation(ctx, { id: userId, email, locale: null });
    const session = input.signIn ? await openSession(ctx, userId) : undefined;
    return { userId, session };
  });
}

/** Whether the caller may not know who has an account. Administrators see all addresses anyway. */
function hidesEmails({ config, actor }: Ctx): boolean {
  return config.registration.hideRegisteredEmails && !isAdministrator(actor);
}

/** Everything that would refuse this registration at this moment; changes nothing. */
export async function registrationViolations(ctx: Ctx, input: Registration): Promise<UserError[]> {
  requireOpenRegistration(ctx);
  const candidate = readCandidate(input);
  const violations = candidateViolations(ctx, input, candidate);
  const refused = new Set(violations.map((violation) => violation.field));
  const taken = await takenViolations(ctx, {
    email: refused.has('input.email') || hidesEmails(ctx) ? null : candidate.email,
    username: refused.has('input.username') ? null : candidate.username,
  });
  return [...violations, ...taken];
}

function requireOpenRegistration(ctx: Ctx): void {
  if (!ctx.config.registration.allowed) {
    throw new Denial('FORBIDDEN', 'Registration is closed.');
  }
}

function readCandidate(input: Registration): Candidate {
  const email = cleanText(input.email) ?? '';
  return {
    email,
    derivedUsername: deriveUsername(email),
    username: cleanText(input.username),
    firstName: cleanText(input.firstName),
    lastName: cleanText(input.lastName),
    password: normalizePassword(input.password),
  };
}

function candidateViolations(ctx: Ctx, input: Registration, candidate: Candidate): UserError[] {
  const { email, username, firstName, lastName, password } = candidate;
  const names = [email, username ?? candidate.derivedUsername];
  return [
    ...emailViolations(email || null, 'input.email'),
    ...usernameViolations(username, 'input.username'),
    ...nameViolations(firstName, 'input.firstName'),
    ...nameViolations(lastName, 'input.lastName'),
    ...passwordViolations(ctx.config.password, password, 'input.password', names),
    ...confirmationViolations(password, input.passwordConfirmation, 'input.passwordConfirmation'),
  ];
}

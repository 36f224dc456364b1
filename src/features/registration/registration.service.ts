import { isAdministrator } from '../../actor.ts';
import { transaction, type Ctx } from '../../context.ts';
import { Denial, Refusal, type UserError } from '../../errors.ts';
import type { SessionId, UserId } from '../../identifiers.ts';
import { sendConfirmation } from '../email/confirmation.service.ts';
import { locate } from '../location/location.service.ts';
import { hashNewPassword } from '../password/password.service.ts';
import { openSessionInPlaceOf, type OpenedSession } from '../session/session.service.ts';
import { createAccount, takenViolations, unsaid } from './account.service.ts';
import { candidateViolations, readCandidate, type AccountInput } from './candidate.rules.ts';
import { registerUnseen } from './hidden-registration.service.ts';

export interface Registration extends AccountInput {
  readonly password: string;
  readonly signIn?: boolean | null | undefined;
}

export interface Registered {
  readonly userId: UserId;
  readonly session: OpenedSession | undefined;
}

/**
 * Makes an account: user, role, audit entry, confirmation mail and, when asked, a session are one
 * transaction. The first account of a database becomes its confirmed Owner. Refuses with every
 * violation found, `TAKEN` among them; denied as `FORBIDDEN` when registration is closed. Where
 * registered addresses are hidden from the caller it answers undefined, whatever it did. The
 * session that the new one replaces ends with it.
 */
export async function register(
  ctx: Ctx,
  input: Registration,
  replacedId?: SessionId,
): Promise<Registered | undefined> {
  requireOpenRegistration(ctx);
  const candidate = readCandidate(input);
  if (candidateViolations(ctx.config.password, input, candidate).length > 0) {
    throw new Refusal(await registrationViolations(ctx, input));
  }
  // Before the insert, so that a taken address takes as long to refuse as a free one to accept.
  const passwordHash = await hashNewPassword(ctx, input.password, 'input.password');
  const { address } = ctx.client;
  const place = await locate(ctx, address);
  const account = { ...candidate, ...unsaid, passwordHash, address, place };
  if (hidesEmails(ctx)) {
    await registerUnseen(ctx, account);
    return undefined;
  }
  return transaction(ctx, async (ctx) => {
    const { userId, isOwner } = await createAccount(ctx, account);
    const { email } = account;
    if (!isOwner) await sendConfirmation(ctx, { id: userId, email, locale: null });
    const session = input.signIn ? await openSessionInPlaceOf(ctx, replacedId, userId) : undefined;
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
  const violations = candidateViolations(ctx.config.password, input, candidate);
  const asked = hidesEmails(ctx) ? { ...candidate, email: null } : candidate;
  return [...violations, ...(await takenViolations(ctx, asked, violations))];
}

function requireOpenRegistration(ctx: Ctx): void {
  if (!ctx.config.registration.allowed) {
    throw new Denial('FORBIDDEN', 'Registration is closed.');
  }
}

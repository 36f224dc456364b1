import { systemRole } from '../../actor.ts';
import { transaction, type Ctx, type PasswordHash, type Tx } from '../../context.ts';
import { Denial, ErrorCode, Refusal, type UserError } from '../../errors.ts';
import { newId, type UserId } from '../../identifiers.ts';
import { cleanText } from '../../text.ts';
import { record } from '../audit/audit.service.ts';
import {
  confirmationViolations,
  normalizePassword,
  passwordViolations,
} from '../password/password.rules.ts';
import { hashPassword } from '../password/password.service.ts';
import { findRole, grant, systemRoleNamed } from '../role/role.service.ts';
import { openSession, type OpenedSession } from '../session/session.service.ts';
import { emailViolations, nameViolations, usernameViolations } from '../user/user.rules.ts';
import { deriveUsername, withRandomSuffix } from './registration.rules.ts';

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

/** A registration as it will be stored. */
interface Candidate {
  readonly email: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly password: string;
}

/**
 * Makes an account: user, role, audit entry and, when asked, a session are one transaction. The
 * first account of a database becomes its confirmed Owner. Refuses with every violation found,
 * `TAKEN` among them; denied as `FORBIDDEN` when registration is closed.
 */
export async function register(ctx: Ctx, input: Registration): Promise<Registered> {
  requireOpenRegistration(ctx);
  const candidate = readCandidate(input);
  if (candidateViolations(ctx, input, candidate).length > 0) {
    throw new Refusal(await registrationViolations(ctx, input));
  }
  // Before the insert, so that a taken address takes as long to refuse as a free one to accept.
  const passwordHash = await hashPassword(ctx, candidate.password);
  return transaction(ctx, async (ctx) => {
    const isOwner = await claimOwnership(ctx, candidate.email);
    const userId = await insertUser(ctx, candidate, passwordHash, isOwner);
    await record(ctx, { action: 'user.registered', subjectId: userId });
    await grant(ctx, userId, await firstRole(ctx, isOwner));
    const session = input.signIn ? await openSession(ctx, userId) : undefined;
    return { userId, session };
  });
}

/** Everything that would refuse this registration at this moment; changes nothing. */
export async function registrationViolations(ctx: Ctx, input: Registration): Promise<UserError[]> {
  requireOpenRegistration(ctx);
  const candidate = readCandidate(input);
  const violations = candidateViolations(ctx, input, candidate);
  const refused = new Set(violations.map((violation) => violation.field));
  const taken = await takenViolations(ctx, {
    email: refused.has('input.email') ? null : candidate.email,
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
  return {
    email: cleanText(input.email) ?? '',
    username: cleanText(input.username),
    firstName: cleanText(input.firstName),
    lastName: cleanText(input.lastName),
    password: normalizePassword(input.password),
  };
}

function candidateViolations(ctx: Ctx, input: Registration, candidate: Candidate): UserError[] {
  const { email, username, firstName, lastName, password } = candidate;
  const names = [email, username ?? deriveUsername(email)];
  return [
    ...emailViolations(email || null, 'input.email'),
    ...usernameViolations(username, 'input.username'),
    ...nameViolations(firstName, 'input.firstName'),
    ...nameViolations(lastName, 'input.lastName'),
    ...passwordViolations(ctx.config.password, password, 'input.password', names),
    ...confirmationViolations(password, input.passwordConfirmation, 'input.passwordConfirmation'),
  ];
}

/**
 * Whether this registration takes the Owner's seat. Simultaneous first registrations wait here
 * for each other on the row of `installation`; the seat is taken once in a database's life.
 */
async function claimOwnership(tx: Tx, email: string): Promise<boolean> {
  const { ownerEmail } = tx.config.registration;
  if (ownerEmail !== undefined && ownerEmail.toLowerCase() !== email.toLowerCase()) return false;
  const [, claimed]: [unknown, number] = await tx.db.query(
    'UPDATE installation SET owner_claimed_at = now() WHERE owner_claimed_at IS NULL',
  );
  return claimed === 1;
}

/** The default role may have been deleted since the start: then everyone still gets `User`. */
async function firstRole(tx: Tx, isOwner: boolean) {
  if (isOwner) return systemRoleNamed(tx, systemRole.owner);
  const configured = await findRole(tx, tx.config.registration.defaultRole);
  return configured ?? systemRoleNamed(tx, systemRole.user);
}

// Five random suffixes of 27^5 each: running out means something else is wrong.
const maxSuffixes = 5;

/**
 * Inserts the user under the wanted username, or under a derived one that is free. PostgreSQL
 * finds out what is taken, while inserting; a look before would let two through.
 */
async function insertUser(
  tx: Tx,
  candidate: Candidate,
  passwordHash: PasswordHash,
  isOwner: boolean,
): Promise<UserId> {
  const userId = newId<UserId>();
  const derived = deriveUsername(candidate.email);
  for (let attempt = 0; attempt <= maxSuffixes; attempt += 1) {
    const username = candidate.username ?? (attempt === 0 ? derived : withRandomSuffix(derived));
    const [inserted]: unknown[] = await tx.db.query(insertSql, [
      userId,
      candidate.email,
      username,
      passwordHash,
      candidate.firstName,
      candidate.lastName,
      isOwner,
      tx.client.address,
    ]);
    if (inserted !== undefined) return userId;
    const violations = await takenViolations(tx, candidate);
    if (violations.length > 0) throw new Refusal(violations);
  }
  throw new Error('No free username could be derived.');
}

const insertSql = `
  INSERT INTO users (id, email, username, password_hash, first_name, last_name, confirmed_at,
    registration_ip, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 THEN now() END, $8, now(), now())
  ON CONFLICT DO NOTHING RETURNING id`;

/** Which of the address and the username asked for belong to someone already. */
async function takenViolations(
  ctx: Ctx,
  wanted: { readonly email: string | null; readonly username: string | null },
): Promise<UserError[]> {
  const [row]: { email: boolean; username: boolean }[] = await ctx.db.query(
    `SELECT EXISTS (SELECT FROM users WHERE lower(email) = lower($1)) AS email,
       EXISTS (SELECT FROM users WHERE lower(username) = lower($2)) AS username`,
    [wanted.email, wanted.username],
  );
  const fields = (['email', 'username'] as const).filter((field) => row?.[field]);
  return fields.map((field) => ({
    code: ErrorCode.TAKEN,
    field: `input.${field}`,
    message: 'is taken',
  }));
}

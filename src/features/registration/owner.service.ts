import { systemRole } from '../../actor.ts';
import { transaction, type Ctx, type PasswordHash, type Tx } from '../../context.ts';
import { ErrorCode, refuse, Refusal } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { cleanText } from '../../text.ts';
import { record } from '../audit/audit.service.ts';
import {
  findAnyPasswordHolder,
  replacePassword,
  type PasswordHolder,
} from '../password-change/password-replacement.service.ts';
import { normalizePassword, passwordViolations } from '../password/password.rules.ts';
import { hashNewPassword } from '../password/password.service.ts';
import { lockOwnership } from '../role/ownership.service.ts';
import { grant } from '../role-assignment/role-assignment.service.ts';
import { systemRoleNamed } from '../role/role.service.ts';
import { emailViolations } from '../user/user.rules.ts';
import { createAccount, unsaid } from './account.service.ts';
import { deriveUsername } from './registration.rules.ts';

interface NewOwner {
  readonly email: string;
  readonly password: string;
}

interface MadeOwner {
  readonly userId: UserId;
  /** Whether the account was there before. */
  readonly existed: boolean;
}

/**
 * Makes the Owner of an installation that has none, for whoever runs it: nobody calls this over
 * the network. With `recover` it makes one beside those there are, and takes an account that has
 * the address already: it becomes an active, confirmed Owner with this password, and all of its
 * sessions end.
 *
 * Refuses with everything that is wrong with address and password, and without `recover` with
 * `OWNER_ROLE_PROTECTED` when there has been an Owner and `TAKEN` when there is such an account.
 */
export async function createOwner(ctx: Ctx, input: NewOwner, recover: boolean): Promise<MadeOwner> {
  const email = cleanText(input.email) ?? '';
  const password = normalizePassword(input.password);
  const derivedUsername = deriveUsername(email);
  const violations = [
    ...emailViolations(email || null, 'email'),
    ...passwordViolations(ctx.config.password, password, 'password', [email, derivedUsername]),
  ];
  if (violations.length > 0) throw new Refusal(violations);
  const passwordHash = await hashNewPassword(ctx, password, 'password');
  return transaction(ctx, async (ctx) => {
    await lockOwnership(ctx);
    if (!recover) await requireFreeSeat(ctx, email);
    const holder = await lockHolder(ctx, email);
    if (holder === undefined) {
      return {
        userId: await makeOwner(ctx, { email, derivedUsername, passwordHash }),
        existed: false,
      };
    }
    if (!recover) refuse(ErrorCode.TAKEN, 'email', 'belongs to an account already');
    await makeIntoOwner(ctx, holder, passwordHash);
    return { userId: holder.id, existed: true };
  });
}

/** Whether nobody ever was Owner: then the next who registers becomes it. */
export async function isOwnerSeatFree(ctx: Ctx): Promise<boolean> {
  const free: unknown[] = await ctx.db.query(
    'SELECT FROM installation WHERE owner_claimed_at IS NULL',
  );
  return free.length > 0;
}

async function requireFreeSeat(tx: Tx, email: string): Promise<void> {
  const { ownerEmail } = tx.config.registration;
  if (ownerEmail !== undefined && ownerEmail.toLowerCase() !== email.toLowerCase()) {
    refuse(ErrorCode.INVALID, 'email', 'must be that of OWNER_EMAIL');
  }
  // Locked, so that a registration in this moment does not take the seat after it was found free.
  const [free]: unknown[] = await tx.db.query(
    'SELECT FROM installation WHERE owner_claimed_at IS NULL FOR NO KEY UPDATE',
  );
  if (free === undefined) {
    refuse(ErrorCode.OWNER_ROLE_PROTECTED, null, 'This installation has had its Owner already.');
  }
}

async function lockHolder(tx: Tx, email: string): Promise<PasswordHolder | undefined> {
  const [user]: { id: UserId }[] = await tx.db.query(
    'SELECT id FROM users WHERE lower(email) = lower($1) FOR NO KEY UPDATE',
    [email],
  );
  return user && findAnyPasswordHolder(tx, user.id);
}

async function makeOwner(
  tx: Tx,
  account: { email: string; derivedUsername: string; passwordHash: PasswordHash },
): Promise<UserId> {
  const place = { countryCode: null, country: null, region: null, city: null };
  const profile = { ...unsaid, username: null, firstName: null, lastName: null };
  const { userId, isOwner } = await createAccount(tx, {
    ...account,
    ...profile,
    address: null,
    place,
  });
  if (!isOwner) await finishRecovery(tx, userId);
  return userId;
}

async function makeIntoOwner(
  tx: Tx,
  holder: PasswordHolder,
  passwordHash: PasswordHash,
): Promise<void> {
  await finishRecovery(tx, holder.id);
  await replacePassword(tx, holder, passwordHash);
}

/** Makes the account active and confirmed, and records what of it it was not. */
async function letIn(tx: Tx, userId: UserId): Promise<void> {
  const [, activated]: [unknown, number] = await tx.db.query(
    'UPDATE users SET is_active = true, updated_at = now() WHERE id = $1 AND NOT is_active',
    [userId],
  );
  if (activated === 1) await record(tx, { action: 'user.activated', subjectId: userId });
  const [, confirmed]: [unknown, number] = await tx.db.query(
    `UPDATE users SET confirmed_at = now(), updated_at = now()
     WHERE id = $1 AND confirmed_at IS NULL`,
    [userId],
  );
  if (confirmed === 1) await record(tx, { action: 'email.confirmed', subjectId: userId });
}

async function finishRecovery(tx: Tx, userId: UserId): Promise<void> {
  await letIn(tx, userId);
  await tx.db.query(
    'UPDATE installation SET owner_claimed_at = now() WHERE owner_claimed_at IS NULL',
  );
  await grant(tx, userId, await systemRoleNamed(tx, systemRole.owner));
  await record(tx, { action: 'ownership.recovered', subjectId: userId });
}

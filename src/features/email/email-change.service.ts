import { requireUser } from '../../actor.ts';
import { transaction, type Ctx, type PasswordHash, type Tx } from '../../context.ts';
import { ErrorCode, Refusal, refuse, signInFirst, type UserError } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { cleanText } from '../../text.ts';
import { record } from '../audit/audit.service.ts';
import { queueMail, type Addressee } from '../mail/mail.service.ts';
import { issueToken, redeemToken, revokeTokens } from '../one-time-token/one-time-token.service.ts';
import { verifyPassword } from '../password/password.service.ts';
import { emailViolations } from '../user/user.rules.ts';
import { isTakenByAnother } from '../user/user.service.ts';
import { noteEvents } from '../webhook-event/webhook-event.service.ts';
import { findAddressOwner } from './address-owner.service.ts';

/** What a change of the own address begins with. */
export interface EmailChange {
  readonly currentPassword: string;
  readonly email: string;
}

interface Account {
  readonly id: UserId;
  readonly email: string;
  readonly password_hash: PasswordHash;
  readonly preferred_locale: string | null;
}

/** Everything for which the caller could not change to this address at this moment. */
export async function newEmailViolations(ctx: Ctx, typed: string): Promise<UserError[]> {
  return addressViolations(ctx, await requireAccount(ctx), cleanText(typed));
}

/** What `requestEmailChange` would refuse, the password included; changes nothing. */
export async function emailChangeViolations(ctx: Ctx, change: EmailChange): Promise<UserError[]> {
  return changeViolations(ctx, await requireAccount(ctx), change);
}

/**
 * Mails a link to the new address; the change is made when it is followed. An older link no longer
 * works. Refuses with everything that is wrong: `INVALID_CREDENTIALS` on `currentPassword`, and on
 * `email` `REQUIRED`, `INVALID`, `TOO_LONG`, `UNCHANGED` and `TAKEN`. Where registered addresses
 * are hidden the owner of a taken one is written to instead, and the caller told nothing.
 */
export async function requestEmailChange(ctx: Ctx, change: EmailChange): Promise<void> {
  const account = await requireAccount(ctx);
  const email = cleanText(change.email);
  const violations = await changeViolations(ctx, account, change);
  if (email === null || violations.length > 0) throw new Refusal(violations);
  const requested = await transaction(ctx, async (ctx) => {
    if (!(await isUnchanged(ctx, account))) return false;
    await mailChange(ctx, account, email);
    const metadata = { to: email };
    await record(ctx, { action: 'email.change_requested', subjectId: account.id, metadata });
    return true;
  });
  // What was checked has changed in this moment: once more from the top.
  if (!requested) await requestEmailChange(ctx, change);
}

async function mailChange(tx: Tx, account: Account, email: string): Promise<void> {
  // The same work for a taken address: its token is sent to nobody.
  const token = await issueToken(tx, 'change_email', account, email);
  const owner = hidesAddresses(tx) ? await findOtherOwner(tx, account, email) : undefined;
  if (owner !== undefined) return queueMail(tx, 'account-exists', owner, {});
  const to = { userId: account.id, email, locale: account.preferred_locale };
  await queueMail(tx, 'change-email', to, { token, newEmail: email });
}

function hidesAddresses({ config }: Ctx): boolean {
  return config.registration.hideRegisteredEmails;
}

/**
 * Makes the change a mailed token allows, and answers whose address it is. The new address is
 * confirmed by it, every other link mailed to the user is worthless, and the old address is told.
 * Refuses with `INVALID_TOKEN`, and with `TAKEN` when somebody else has the address by now: then
 * the token is as good as before.
 */
export function confirmEmailChange(ctx: Ctx, token: string): Promise<UserId> {
  return transaction(ctx, async (ctx) => {
    const redeemed = await redeemToken(ctx, 'change_email', token);
    const { userId, email: from, sentTo: to } = redeemed;
    const locale = await changeEmail(ctx, userId, to);
    await revokeTokens(ctx, userId);
    await queueMail(ctx, 'email-changed', { userId, email: from, locale }, { newEmail: to });
    await record(ctx, { action: 'email.changed', subjectId: userId, metadata: { from, to } });
    noteEvents(ctx, 'user.confirmed', [userId]);
    return userId;
  });
}

/** Sets address and confirmation at once, and answers the user's language. */
async function changeEmail(tx: Tx, userId: UserId, email: string): Promise<string | null> {
  try {
    const [[user]]: [{ preferred_locale: string | null }[], number] = await tx.db.query(
      `UPDATE users SET email = $2, confirmed_at = now(), updated_at = now()
       WHERE id = $1 RETURNING preferred_locale`,
      [userId, email],
    );
    return user?.preferred_locale ?? null;
  } catch (error) {
    if (!isTakenByAnother(error, 'email')) throw error;
    return refuse(ErrorCode.TAKEN, 'token', 'This address belongs to someone else by now.');
  }
}

async function requireAccount(ctx: Ctx): Promise<Account> {
  const [account]: Account[] = await ctx.db.query(
    'SELECT id, email, password_hash, preferred_locale FROM users WHERE id = $1 AND is_active',
    [requireUser(ctx.actor).userId],
  );
  if (account === undefined) throw signInFirst();
  return account;
}

async function changeViolations(
  ctx: Ctx,
  account: Account,
  { currentPassword, email }: EmailChange,
): Promise<UserError[]> {
  const violations = await addressViolations(ctx, account, cleanText(email));
  const matches = await verifyPassword(ctx, currentPassword, account.password_hash);
  return matches ? violations : [wrongPassword, ...violations];
}

const wrongPassword: UserError = {
  code: ErrorCode.INVALID_CREDENTIALS,
  field: 'currentPassword',
  message: 'The password is not right.',
};

/**
 * Another spelling of the own address is a change, for addresses are kept as they were typed. A
 * signed-in caller is told of a taken one, unless registered addresses are hidden.
 */
async function addressViolations(
  ctx: Ctx,
  account: Account,
  email: string | null,
): Promise<UserError[]> {
  const violations = emailViolations(email, 'email');
  if (email === null || violations.length > 0) return violations;
  if (email === account.email) {
    return [{ code: ErrorCode.UNCHANGED, field: 'email', message: 'is the address already' }];
  }
  if (hidesAddresses(ctx)) return [];
  const owner = await findOtherOwner(ctx, account, email);
  return owner ? [{ code: ErrorCode.TAKEN, field: 'email', message: 'is taken' }] : [];
}

async function findOtherOwner(
  ctx: Ctx,
  account: Account,
  email: string,
): Promise<Addressee | undefined> {
  const owner = await findAddressOwner(ctx, email);
  return owner?.userId === account.id ? undefined : owner;
}

/** Whether what was checked still holds; if so it does until the transaction ends. */
async function isUnchanged(tx: Tx, account: Account): Promise<boolean> {
  const rows: unknown[] = await tx.db.query(
    `SELECT FROM users WHERE id = $1 AND email = $2 AND password_hash = $3 AND is_active
     FOR NO KEY UPDATE`,
    [account.id, account.email, account.password_hash],
  );
  return rows.length > 0;
}

import { transaction, type Ctx, type Tx } from '../../context.ts';
import { ErrorCode, Refusal } from '../../errors.ts';
import { newId } from '../../identifiers.ts';
import { findAddressOwner } from '../email/address-owner.service.ts';
import { queueMail } from '../mail/mail.service.ts';
import { issueToken } from '../one-time-token/one-time-token.service.ts';
import { createAccount, type NewAccount } from './account.service.ts';
import { withRandomSuffix } from './registration.rules.ts';

/**
 * Makes an account, or writes to the owner of a taken address that they have one, and does the
 * same work either way: neither the answer nor its time tells which it was. Refuses with `TAKEN`
 * on `input.username`, for a taken and a free address alike.
 */
export async function registerUnseen(ctx: Ctx, account: NewAccount): Promise<void> {
  try {
    await createOrPretend(ctx, account);
  } catch (error) {
    if (!isTakenEmail(error)) throw error;
    // Somebody changed to this address in this moment: now they are found to own it.
    await createOrPretend(ctx, account);
  }
}

function isTakenEmail(error: unknown): boolean {
  return (
    error instanceof Refusal &&
    error.errors.some(({ code, field }) => code === ErrorCode.TAKEN && field === 'input.email')
  );
}

function createOrPretend(ctx: Ctx, account: NewAccount): Promise<void> {
  return transaction(ctx, async (ctx) => {
    await takeTurns(ctx, account.email);
    const owner = await findAddressOwner(ctx, account.email);
    const email = owner === undefined ? account.email : `${newId()}@taken.invalid`;
    // Always with a suffix: a derived name that is taken would cost more statements, and names
    // that give away the address would tell by themselves who has an account.
    const derivedUsername = withRandomSuffix(account.derivedUsername);
    await ctx.db.query('SAVEPOINT account');
    const { userId, isOwner } = await createAccount(ctx, { ...account, email, derivedUsername });
    const token = isOwner ? undefined : await issueToken(ctx, 'confirm', { id: userId, email });
    await ctx.db.query(`${owner ? 'ROLLBACK TO' : 'RELEASE'} SAVEPOINT account`);
    if (owner !== undefined) await queueMail(ctx, 'account-exists', owner, {});
    else if (token !== undefined) {
      await queueMail(ctx, 'confirm', { userId, email, locale: null }, { token });
    }
  });
}

/**
 * Registrations of one address wait for each other from the start: two at once would otherwise
 * wait only when the address is free, for the row of the first.
 */
async function takeTurns(tx: Tx, email: string): Promise<void> {
  await tx.db.query(
    `SELECT FROM pg_advisory_xact_lock(hashtextextended('registration ' || lower($1), 0))`,
    [email],
  );
}

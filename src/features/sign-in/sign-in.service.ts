import { transaction, type Ctx, type PasswordHash, type Tx } from '../../context.ts';
import { ErrorCode, Refusal, refuse } from '../../errors.ts';
import type { SessionId, UserId } from '../../identifiers.ts';
import { cleanText, hasForbiddenCharacters } from '../../text.ts';
import { record } from '../audit/audit.service.ts';
import { hashPassword, isOutdated, verifyPassword } from '../password/password.service.ts';
import { User } from '../user/user.entity.ts';
import { loginCondition, userColumns } from '../user/user.service.ts';
import { noticeNewDevice } from './new-device.service.ts';
import { openSessionInPlaceOf, type OpenedSession } from '../session/session.service.ts';

export interface Credentials {
  /** An e-mail address or a username. */
  readonly email: string;
  readonly password: string;
}

export interface SignedIn extends OpenedSession {
  readonly user: User;
}

interface Account {
  readonly id: UserId;
  readonly password_hash: PasswordHash;
  readonly is_active: boolean;
}

/**
 * Opens a session for the right password. A wrong password and an unknown account are one answer,
 * `INVALID_CREDENTIALS`, in the same time; `ACCOUNT_INACTIVE` is told only to who knows the
 * password. Every outcome stands in the audit log. The session that the new one replaces ends with it.
 */
export function signIn(
  ctx: Ctx,
  credentials: Credentials,
  replacedId?: SessionId,
): Promise<SignedIn> {
  return withCredentials(ctx, credentials, 'input.email', async (ctx, user) => {
    await noticeNewDevice(ctx, user.id);
    return { user, ...(await openSessionInPlaceOf(ctx, replacedId, user.id)) };
  });
}

/**
 * Whose credentials these are. Refuses as `signIn` does, records like it, counts as the user's
 * last sign-in, and opens no session.
 */
export function verifyCredentials(ctx: Ctx, credentials: Credentials): Promise<User> {
  return withCredentials(ctx, credentials, 'email', async (ctx, user) => {
    await record(ctx, { action: 'credentials.verified', subjectId: user.id });
    return user;
  });
}

/** What follows the right credentials, in the transaction that holds them still right. */
type Admit<T> = (tx: Tx, user: User) => Promise<T>;

async function withCredentials<T>(
  ctx: Ctx,
  credentials: Credentials,
  field: string,
  admit: Admit<T>,
): Promise<T> {
  const login = cleanText(credentials.email) ?? '';
  if (hasForbiddenCharacters(login)) {
    refuse(ErrorCode.INVALID, field, 'must not contain control characters');
  }
  const attempt = () => tryCredentials(ctx, login, credentials.password, admit);
  // A password that changed, or was re-hashed, while it was being verified: once more from the top.
  const outcome = (await attempt()) ?? (await attempt());
  if (outcome !== undefined) return outcome.admitted;
  return refuseSignIn(ctx, await findAccount(ctx, login), ErrorCode.INVALID_CREDENTIALS);
}

/** Undefined when what decided it changed while the password was being verified. */
async function tryCredentials<T>(
  ctx: Ctx,
  login: string,
  password: string,
  admit: Admit<T>,
): Promise<{ readonly admitted: T } | undefined> {
  const account = await findAccount(ctx, login);
  const matches = await verifyPassword(ctx, password, account?.password_hash);
  if (account === undefined || !matches) {
    return refuseSignIn(ctx, account, ErrorCode.INVALID_CREDENTIALS);
  }
  if (!account.is_active) return refuseSignIn(ctx, account, ErrorCode.ACCOUNT_INACTIVE);
  const renewedHash = isOutdated(ctx, account.password_hash)
    ? await hashPassword(ctx, password)
    : account.password_hash;
  return transaction(ctx, async (ctx) => {
    const user = await noteSignIn(ctx, account, renewedHash);
    return user && { admitted: await admit(ctx, user) };
  });
}

async function findAccount(ctx: Ctx, login: string): Promise<Account | undefined> {
  const [account]: Account[] = await ctx.db.query(
    `SELECT id, password_hash, is_active FROM users WHERE ${loginCondition(login)}`,
    [login],
  );
  return account;
}

/**
 * Stamps the sign-in, and only if nothing that decided it has changed while the password was
 * being verified: a deactivation or a new password in that moment wins, and then nobody is
 * answered. Otherwise the user as stamped, so that no statement has to read them again.
 */
async function noteSignIn(
  tx: Tx,
  account: Account,
  renewedHash: PasswordHash,
): Promise<User | undefined> {
  const [[row]]: [(User | undefined)[], number] = await tx.db.query(
    `UPDATE users SET last_sign_in_at = now(), password_hash = $3
     WHERE id = $1 AND is_active AND password_hash = $2 RETURNING ${userColumns(tx)}`,
    [account.id, account.password_hash, renewedHash],
  );
  return row && Object.assign(new User(), row);
}

async function refuseSignIn(
  ctx: Ctx,
  account: Account | undefined,
  code: RefusedSignIn,
): Promise<never> {
  // The typed text stays out of the log: people type passwords into the wrong field.
  await record(ctx, {
    action: 'session.refused',
    subjectId: account?.id ?? null,
    metadata: { reason: code },
  });
  throw new Refusal([refusal(code)]);
}

type RefusedSignIn = ErrorCode.INVALID_CREDENTIALS | ErrorCode.ACCOUNT_INACTIVE;

function refusal(code: RefusedSignIn) {
  const message =
    code === ErrorCode.ACCOUNT_INACTIVE
      ? 'This account has been deactivated.'
      : 'The e-mail address, username or password is not right.';
  return { code, field: null, message };
}

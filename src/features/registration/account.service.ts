import { systemRole } from '../../actor.ts';
import type { Ctx, PasswordHash, Place, Tx } from '../../context.ts';
import { ErrorCode, Refusal, type UserError } from '../../errors.ts';
import { newId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { defaultFieldsSql } from '../custom-field/custom-field.service.ts';
import { locateLater } from '../location/location.service.ts';
import { grant } from '../role-assignment/role-assignment.service.ts';
import { defaultRole, systemRoleNamed } from '../role/role.service.ts';
import type { CustomFields } from '../user/user.entity.ts';
import { withRandomSuffix } from './registration.rules.ts';

/** An account as it will be stored. */
export interface NewAccount {
  readonly email: string;
  /** Null lets one be derived from the address. */
  readonly username: string | null;
  readonly derivedUsername: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly passwordHash: PasswordHash;
  readonly timezone: string | null;
  readonly preferredLocale: string | null;
  /** All of them; null stands for the defaults of their definitions. */
  readonly customFields: CustomFields | null;
  /** Where it is made from; null when nobody has said. */
  readonly address: string | null;
  /** Where that is, as far as it is known at once. */
  readonly place: Place;
}

/** What a registration does not ask for. */
export const unsaid = { timezone: null, preferredLocale: null, customFields: null };

export interface CreatedAccount {
  readonly userId: UserId;
  /** The first account of a database: its Owner, and confirmed at once. */
  readonly isOwner: boolean;
}

/**
 * Makes user, role and audit entries. The first account of a database becomes its Owner. Refuses
 * with `TAKEN` on `input.email` and `input.username`.
 */
export async function createAccount(tx: Tx, account: NewAccount): Promise<CreatedAccount> {
  const isOwner = await claimOwnership(tx, account.email);
  const userId = await insertAccount(tx, account, isOwner);
  await record(tx, { action: 'user.registered', subjectId: userId });
  const role = isOwner ? await systemRoleNamed(tx, systemRole.owner) : await defaultRole(tx);
  await grant(tx, userId, role);
  return { userId, isOwner };
}

/**
 * Makes the user alone; the caller gives roles and records. Refuses with `TAKEN` on `input.email`
 * and `input.username`.
 */
export async function insertAccount(
  tx: Tx,
  account: NewAccount,
  isConfirmed: boolean,
): Promise<UserId> {
  const userId = await insertUser(tx, account, isConfirmed);
  await locateLater(tx, userId, account.address);
  return userId;
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

// Five random suffixes of 27^5 each: running out means something else is wrong.
const maxSuffixes = 5;

/**
 * Inserts the user under the wanted username, or under a derived one that is free. PostgreSQL
 * finds out what is taken, while inserting; a look before would let two through.
 */
async function insertUser(tx: Tx, account: NewAccount, isConfirmed: boolean): Promise<UserId> {
  const userId = newId<UserId>();
  const { derivedUsername: derived, place } = account;
  for (let attempt = 0; attempt <= maxSuffixes; attempt += 1) {
    const username = account.username ?? (attempt === 0 ? derived : withRandomSuffix(derived));
    const [inserted]: unknown[] = await tx.db.query(insertSql, [
      userId,
      account.email,
      username,
      account.passwordHash,
      account.firstName,
      account.lastName,
      isConfirmed,
      account.timezone,
      account.preferredLocale,
      account.address,
      place.countryCode,
      place.country,
      place.region,
      place.city,
      account.customFields && JSON.stringify(account.customFields),
    ]);
    if (inserted !== undefined) return userId;
    const violations = await takenViolations(tx, account);
    if (violations.length > 0) throw new Refusal(violations);
  }
  throw new Error('No free username could be derived.');
}

const insertSql = `
  INSERT INTO users (id, email, username, password_hash, first_name, last_name, confirmed_at,
    timezone, preferred_locale, registration_ip, registration_country_code, registration_country,
    registration_region, registration_city, custom_fields, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 THEN now() END, $8, $9, $10, $11, $12, $13, $14,
    coalesce($15::jsonb, ${defaultFieldsSql}), now(), now())
  ON CONFLICT DO NOTHING RETURNING id`;

/** Which of the address and the username belong to someone already, but for what is `refused`. */
export async function takenViolations(
  ctx: Ctx,
  wanted: { readonly email: string | null; readonly username: string | null },
  refused: readonly UserError[] = [],
): Promise<UserError[]> {
  const asked = (field: 'email' | 'username') =>
    refused.some((one) => one.field === `input.${field}`) ? null : wanted[field];
  const [row]: { email: boolean; username: boolean }[] = await ctx.db.query(
    `SELECT EXISTS (SELECT FROM users WHERE lower(email) = lower($1)) AS email,
       EXISTS (SELECT FROM users WHERE lower(username) = lower($2)) AS username`,
    [asked('email'), asked('username')],
  );
  const fields = (['email', 'username'] as const).filter((field) => row?.[field]);
  return fields.map((field) => ({
    code: ErrorCode.TAKEN,
    field: `input.${field}`,
    message: 'is taken',
  }));
}

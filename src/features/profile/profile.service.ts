import { requireUser } from '../../actor.ts';
import { transaction, type Ctx, type Tx } from '../../context.ts';
import { ErrorCode, Refusal, type UserError } from '../../errors.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { cleanText } from '../../text.ts';
import { record } from '../audit/audit.service.ts';
import { refuseMissingUser, requireAuthorityOver } from '../role/authority.service.ts';
import { User } from '../user/user.entity.ts';
import { isTakenByAnother } from '../user/user.service.ts';
import {
  profileFieldViolations,
  readLocale,
  readProfile,
  type Profile,
  type ProfileInput,
} from './profile.rules.ts';

/** Changes the caller's own profile; see `saveProfile`. */
export async function updateOwnProfile(ctx: Ctx, input: ProfileInput): Promise<UserId> {
  const { userId } = requireUser(ctx.actor);
  await transaction(ctx, (ctx) => saveProfile(ctx, userId, input));
  return userId;
}

/**
 * Changes another user's profile; see `saveProfile`. Refuses also with `INSUFFICIENT_PERMISSIONS`,
 * before anything else is said of the profile.
 */
export function updateProfileOf(ctx: Ctx, userId: string, input: ProfileInput): Promise<UserId> {
  return transaction(ctx, async (ctx) => {
    const targetId = parseId<UserId>(userId) ?? refuseMissingUser();
    await requireAuthorityOver(ctx, targetId);
    await saveProfile(ctx, targetId, input);
    return targetId;
  });
}

/** Sets the language the caller is written to in; see `saveLocale`. */
export async function updateOwnLocale(ctx: Ctx, locale: string | null): Promise<UserId> {
  const { userId } = requireUser(ctx.actor);
  await transaction(ctx, (ctx) => saveLocale(ctx, userId, locale));
  return userId;
}

/** Everything for which changing the caller's own profile would be refused at this moment. */
export function ownProfileViolations(ctx: Ctx, input: ProfileInput): Promise<UserError[]> {
  return profileViolations(ctx, requireUser(ctx.actor).userId, readProfile(input));
}

/**
 * Changes the fields of a profile that are given; null or blank clears one. A username that was
 * cleared is not derived anew. Refuses with everything that is wrong, `TAKEN` among it, and with
 * `NOT_FOUND`.
 */
async function saveProfile(tx: Tx, userId: UserId, input: ProfileInput): Promise<void> {
  const profile = readProfile(input);
  const violations = await profileViolations(tx, userId, profile);
  if (violations.length > 0) throw new Refusal(violations);
  try {
    await saveChanges(tx, userId, profile);
  } catch (error) {
    // Two who want the same name both found it free a moment ago; the index lets one have it.
    throw isTakenByAnother(error, 'username') ? new Refusal([takenUsername]) : error;
  }
}

/**
 * Sets the preferred language: a BCP 47 tag of a language and region that are known, stored in
 * its canonical form; null or blank clears it. Refuses with `INVALID` or `TOO_LONG` on `locale`,
 * and with `NOT_FOUND`.
 */
async function saveLocale(tx: Tx, userId: UserId, locale: string | null): Promise<void> {
  const typed = cleanText(locale);
  const read = typed === null ? { canonical: null } : readLocale(typed, 'locale');
  if ('violation' in read) throw new Refusal([read.violation]);
  await saveChanges(tx, userId, { preferredLocale: read.canonical });
}

async function profileViolations(
  ctx: Ctx,
  userId: UserId,
  profile: Partial<Profile>,
): Promise<UserError[]> {
  const violations = profileFieldViolations(profile);
  const { username = null } = profile;
  const refused = violations.some(({ field }) => field === takenUsername.field);
  if (username === null || refused) return violations;
  const holders: unknown[] = await ctx.db.query(
    'SELECT FROM users WHERE lower(username) = lower($1) AND id <> $2',
    [username, userId],
  );
  return holders.length > 0 ? [takenUsername, ...violations] : violations;
}

const takenUsername: UserError = {
  code: ErrorCode.TAKEN,
  field: 'input.username',
  message: 'is taken',
};

type Changes = Partial<Profile & Pick<User, 'preferredLocale'>>;

/** Writes and records what differs from what is stored, and nothing when nothing does. */
async function saveChanges(tx: Tx, userId: UserId, wanted: Changes): Promise<void> {
  const user = await tx.db.findOne(User, {
    where: { id: userId },
    lock: { mode: 'for_no_key_update' }, // so that what is recorded as `from` is what was there
  });
  if (user === null) return refuseMissingUser();
  const fields = Object.keys(wanted) as (keyof Changes)[];
  const changed = fields.filter((field) => user[field] !== wanted[field]);
  if (changed.length === 0) return;
  const written = Object.fromEntries(changed.map((field) => [field, wanted[field]]));
  await tx.db.update(User, { id: userId }, { ...written, updatedAt: () => 'now()' });
  const changes = Object.fromEntries(
    changed.map((field) => [field, { from: user[field], to: wanted[field] }]),
  );
  await record(tx, { action: 'profile.updated', subjectId: userId, metadata: { changes } });
}

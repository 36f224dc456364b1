import { rankOf, requireUser, type Rank, type Scope } from '../../actor.ts';
import type { Tx } from '../../context.ts';
import { ErrorCode, Refusal, refuse, type UserError } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { isStaffRole, mayActOn } from './role.rules.ts';

/**
 * The one place that decides whether the caller may act on a user: an Owner on everyone, an Admin
 * on ordinary users. Both are locked before their roles are read, so that what the caller may do
 * is what holds now, and who becomes an Admin in this moment is one already or not yet, until the
 * transaction ends.
 *
 * Refuses with `NOT_FOUND` (there is no such user) and `INSUFFICIENT_PERMISSIONS`.
 */
export async function requireAuthorityOver(tx: Tx, targetId: UserId): Promise<void> {
  const violation = (await authorityViolations(tx, [targetId])).get(targetId);
  if (violation !== undefined) throw new Refusal([violation]);
}

/** The same decision about many users at once: for whom it is refused, and with what. */
export async function authorityViolations(
  tx: Tx,
  targetIds: readonly UserId[],
): Promise<ReadonlyMap<UserId, UserError>> {
  await lockCallerAndTargets(tx, targetIds);
  const actorRank = await requireCallerRank(tx);
  const standings = await findStandings(tx, targetIds);
  const violations = new Map<UserId, UserError>();
  for (const id of targetIds) {
    const target = standings.get(id);
    if (target === undefined) violations.set(id, missingUser);
    else if (!mayActOn(actorRank, rankOf(target.roleNames))) violations.set(id, outranked);
  }
  return violations;
}

/** Refuses with `INSUFFICIENT_PERMISSIONS` unless the caller is an Owner at this moment. */
export async function requireOwner(tx: Tx): Promise<void> {
  if ((await requireCallerRank(tx)) !== 'OWNER') refuseAuthority();
}

/**
 * Refuses with `INSUFFICIENT_PERMISSIONS` unless the caller is an Admin or an Owner, or a key, at
 * this moment, and until the transaction ends.
 */
export async function requireAdministrator(tx: Tx): Promise<void> {
  if (tx.actor.type === 'user') await lockUsers(tx, [tx.actor.userId], 'SHARE');
  if ((await requireCallerRank(tx)) === 'USER') refuseAdministration();
}

/**
 * Refuses with `INSUFFICIENT_PERMISSIONS` unless the caller may make a user who holds these roles:
 * Owners, and Admins unless one of the roles is Admin or Owner. A key that makes users gives roles
 * only with the scope for it.
 */
export async function requireAuthorityToGive(tx: Tx, roleNames: readonly string[]): Promise<void> {
  const { actor } = tx;
  if (actor.type === 'key' && roleNames.length > 0 && !actor.scopes.includes('ROLES_WRITE')) {
    refuseSubordinate('An API key gives roles only with the scope ROLES_WRITE.');
  }
  const rank = await requireCallerRank(tx);
  if (rank === 'USER') refuseAdministration();
  if (rank === 'ADMIN' && roleNames.some(isStaffRole)) refuseAuthority();
}

/**
 * Nobody decides about their own status or confirmation, deletes themselves or gets around their
 * own password. Refuses with `INSUFFICIENT_PERMISSIONS`.
 */
export function requireSomeoneElse({ actor }: Tx, targetId: UserId): void {
  if (actor.type !== 'user' || actor.userId !== targetId) return;
  refuseSubordinate('Nobody may do this to themselves.');
}

/** What is wrong with the id of a user when there is none. */
export const missingUser: UserError = {
  code: ErrorCode.NOT_FOUND,
  field: 'userId',
  message: 'There is no such user.',
};

export function refuseMissingUser(): never {
  throw new Refusal([missingUser]);
}

const outranked: UserError = {
  code: ErrorCode.INSUFFICIENT_PERMISSIONS,
  field: null,
  message: 'Only an Owner may do this to an Owner or an Admin.',
};

function refuseAuthority(): never {
  throw new Refusal([outranked]);
}

function refuseAdministration(): never {
  refuseSubordinate('Only an Admin or an Owner may do this.');
}

function refuseSubordinate(message: string): never {
  return refuse(ErrorCode.INSUFFICIENT_PERMISSIONS, null, message);
}

/**
 * In the order of their ids, as everywhere, so that two who act on each other do not wait in a
 * ring; and after the lock of ownership, where there is one. What one caller does to many users
 * goes on side by side: the caller's own row is only kept from changing.
 */
async function lockCallerAndTargets(tx: Tx, targetIds: readonly UserId[]): Promise<void> {
  const callerId = tx.actor.type === 'user' ? tx.actor.userId : undefined;
  if (callerId === undefined || targetIds.includes(callerId)) {
    return lockUsers(tx, targetIds, 'NO KEY UPDATE');
  }
  const isBefore = (id: UserId) => id < callerId;
  await lockUsers(tx, targetIds.filter(isBefore), 'NO KEY UPDATE');
  await lockUsers(tx, [callerId], 'SHARE');
  await lockUsers(
    tx,
    targetIds.filter((id) => !isBefore(id)),
    'NO KEY UPDATE',
  );
}

async function lockUsers(
  tx: Tx,
  ids: readonly UserId[],
  mode: 'NO KEY UPDATE' | 'SHARE',
): Promise<void> {
  if (ids.length === 0) return;
  await tx.db.query(`SELECT FROM users WHERE id = ANY($1) ORDER BY id FOR ${mode}`, [ids]);
}

/** Who has been deactivated or deleted since the request began has no rank any more. */
async function requireCallerRank(tx: Tx): Promise<Rank> {
  if (tx.actor.type === 'system') return 'OWNER';
  if (tx.actor.type === 'key') return rankOfKey(tx.actor.scopes);
  const { userId } = requireUser(tx.actor);
  const caller = (await findStandings(tx, [userId])).get(userId);
  return caller?.isActive ? rankOf(caller.roleNames) : 'USER';
}

/**
 * An API key acts on users as an Admin does. One that may give and take every role acts as an
 * Owner: it could make itself room anyway, by demoting whoever stands above it.
 */
function rankOfKey(held: readonly Scope[]): Rank {
  return held.includes('ROLES_WRITE') ? 'OWNER' : 'ADMIN';
}

interface Standing {
  readonly isActive: boolean;
  readonly roleNames: readonly string[];
}

async function findStandings(
  tx: Tx,
  userIds: readonly UserId[],
): Promise<ReadonlyMap<UserId, Standing>> {
  const rows: (Standing & { readonly id: UserId })[] = await tx.db.query(
    `SELECT u.id, u.is_active AS "isActive",
       ARRAY(SELECT r.name FROM role_assignments a JOIN roles r ON r.id = a.role_id
         WHERE a.user_id = u.id)::text[] AS "roleNames"
     FROM users u WHERE u.id = ANY($1)`,
    [userIds],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

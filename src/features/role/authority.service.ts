import { rankOf, type Rank, type Scope } from '../../actor.ts';
import type { Tx } from '../../context.ts';
import { Denial, ErrorCode, refuse } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { mayActOn } from './role.rules.ts';

/**
 * The one place that decides whether the caller may act on a user: an Owner on everyone, an Admin
 * on ordinary users. Both sets of roles are read inside the transaction, so that what the caller
 * may do is what holds now and not what held when the request began.
 *
 * Refuses with `NOT_FOUND` (there is no such user) and `INSUFFICIENT_PERMISSIONS`.
 */
export async function requireAuthorityOver(tx: Tx, targetId: UserId): Promise<void> {
  const actorRank = await requireCallerRank(tx);
  const targetRoles = await roleNamesOfExisting(tx, targetId);
  if (targetRoles === undefined) return refuseMissingUser();
  if (!mayActOn(actorRank, rankOf(targetRoles))) refuseAuthority();
}

/** Refuses with `INSUFFICIENT_PERMISSIONS` unless the caller is an Owner at this moment. */
export async function requireOwner(tx: Tx): Promise<void> {
  if ((await requireCallerRank(tx)) !== 'OWNER') refuseAuthority();
}

export function refuseMissingUser(): never {
  return refuse(ErrorCode.NOT_FOUND, 'userId', 'There is no such user.');
}

function refuseAuthority(): never {
  const message = 'Only an Owner may do this to an Owner or an Admin.';
  return refuse(ErrorCode.INSUFFICIENT_PERMISSIONS, null, message);
}

async function requireCallerRank(tx: Tx): Promise<Rank> {
  if (tx.actor.type === 'system') return 'OWNER';
  if (tx.actor.type === 'key') return rankOfKey(tx.actor.scopes);
  if (tx.actor.type !== 'user') throw new Denial('UNAUTHENTICATED', 'Sign in first.');
  return rankOf((await roleNamesOfExisting(tx, tx.actor.userId)) ?? []);
}

/**
 * An API key acts on users as an Admin does. One that may give and take every role acts as an
 * Owner: it could make itself room anyway, by demoting whoever stands above it.
 */
function rankOfKey(held: readonly Scope[]): Rank {
  return held.includes('ROLES_WRITE') ? 'OWNER' : 'ADMIN';
}

async function roleNamesOfExisting(tx: Tx, userId: UserId): Promise<string[] | undefined> {
  const [row]: { names: string[] }[] = await tx.db.query(
    `SELECT ARRAY(SELECT r.name FROM role_assignments a JOIN roles r ON r.id = a.role_id
       WHERE a.user_id = u.id)::text[] AS names
     FROM users u WHERE u.id = $1`,
    [userId],
  );
  return row?.names;
}

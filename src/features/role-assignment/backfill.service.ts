import { systemRole } from '../../actor.ts';
import type { Ctx, Tx } from '../../context.ts';
import type { UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { asOwner, hasActiveOwner } from '../role/ownership.service.ts';
import type { Role } from '../role/role.entity.ts';
import { defaultRole, systemRoleNamed } from '../role/role.service.ts';
import { endSessionsOf } from '../session/session.service.ts';
import { isWantedSql, noteEvents } from '../webhook-event/webhook-event.service.ts';
import { assignerOf, grant } from './role-assignment.service.ts';

export interface RoleBackfill {
  /** One or none. */
  readonly assignedOwner: number;
  readonly assignedUsers: number;
  readonly totalProcessed: number;
}

/**
 * Gives every user without any role the default role, as after an import. While there is no active
 * Owner, and `makeFirstOwner` is wanted, the oldest active one of them becomes Owner instead.
 * Runs take turns; a second one finds nothing left to do. Refuses with `INSUFFICIENT_PERMISSIONS`
 * when the caller is no longer an Owner.
 */
export function assignRolesToExistingUsers(
  ctx: Ctx,
  makeFirstOwner: boolean,
): Promise<RoleBackfill> {
  return asOwner(ctx, async (ctx) => {
    const assignedOwner = makeFirstOwner && (await makeOwner(ctx)) ? 1 : 0;
    const role = await defaultRole(ctx);
    const { users: assignedUsers, sessions: endedSessions } = await grantToRest(ctx, role);
    const totalProcessed = assignedOwner + assignedUsers;
    if (totalProcessed > 0) {
      const metadata = { role: role.name, assignedOwner, assignedUsers, endedSessions };
      await record(ctx, { action: 'role.backfilled', subjectId: null, metadata });
    }
    return { assignedOwner, assignedUsers, totalProcessed };
  });
}

/**
 * Makes the oldest active user without a role the Owner, and takes the seat that a first
 * registration would take. Where `OWNER_EMAIL` is set, nobody else is made Owner here either.
 */
async function makeOwner(tx: Tx): Promise<boolean> {
  // Whoever is registering as the first has this row, and is Owner when it is free again.
  await tx.db.query('SELECT FROM installation FOR UPDATE');
  if (await hasActiveOwner(tx)) return false;
  const [first]: { id: UserId }[] = await tx.db.query(
    `SELECT u.id FROM users u
     WHERE u.is_active AND ($1::text IS NULL OR lower(u.email) = lower($1)) AND ${hasNoRole}
     ORDER BY u.created_at, u.id LIMIT 1 FOR NO KEY UPDATE`,
    [tx.config.registration.ownerEmail ?? null],
  );
  if (first === undefined) return false;
  await grant(tx, first.id, await systemRoleNamed(tx, systemRole.owner));
  await tx.db.query(
    'UPDATE installation SET owner_claimed_at = now() WHERE owner_claimed_at IS NULL',
  );
  return true;
}

const hasNoRole = 'NOT EXISTS (SELECT FROM role_assignments a WHERE a.user_id = u.id)';

// A few seconds of work a statement, far from where statements are cut off.
const batchSize = 100_000;

/** Gives `role` to every user without one, in the order of their ids. Answers to how many. */
async function grantToRest(tx: Tx, role: Role): Promise<{ users: number; sessions: number }> {
  const done = { users: 0, sessions: 0 };
  let lastId = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const userIds = await nextWithoutRole(tx, lastId);
    const last = userIds.at(-1);
    if (last === undefined) return done;
    done.users += await grantToAll(tx, userIds, role);
    if (tx.config.session.revokeOnRoleChange) done.sessions += await endSessionsOf(tx, userIds);
    lastId = last;
  }
}

/** Locked, since one who is deleted meanwhile would fail the whole run by the foreign key. */
async function nextWithoutRole(tx: Tx, afterId: string): Promise<UserId[]> {
  const rows: { id: UserId }[] = await tx.db.query(
    `SELECT u.id FROM users u WHERE u.id > $1 AND ${hasNoRole}
     ORDER BY u.id LIMIT $2 FOR KEY SHARE OF u`,
    [afterId, batchSize],
  );
  return rows.map(({ id }) => id);
}

/**
 * Apart from reading who it is: one statement that reads assignments while it writes them may walk
 * over everything written so far for each user.
 */
async function grantToAll(tx: Tx, userIds: readonly UserId[], role: Role): Promise<number> {
  const [row]: { count: number; is_told: boolean }[] = await tx.db.query(
    `WITH given AS (
       INSERT INTO role_assignments (user_id, role_id, assigned_by_id, assigned_at)
       SELECT id, $2, $3, now() FROM unnest($1::uuid[]) AS id
       ON CONFLICT DO NOTHING RETURNING user_id)
     SELECT count(*)::int AS count, ${isWantedSql('user.role_changed')} AS is_told FROM given`,
    [userIds, role.id, assignerOf(tx)],
  );
  if (row?.is_told) noteEvents(tx, 'user.role_changed', userIds);
  return row?.count ?? 0;
}

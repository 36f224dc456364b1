import { systemRole } from '../../actor.ts';
import { transaction, type Ctx, type Tx } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import {
  refuseMissingUser,
  requireAuthorityOver,
  requireOwner,
} from '../role/authority.service.ts';
import { keepingAnActiveOwner, lockOwnership } from '../role/ownership.service.ts';
import type { Role } from '../role/role.entity.ts';
import { isStaffRole } from '../role/role.rules.ts';
import { findRole, findRoleToGive, systemRoleNamed } from '../role/role.service.ts';
import { endAllSessions } from '../session/session.service.ts';
import { RoleAssignment } from './role-assignment.entity.ts';

/**
 * Gives a role, or leaves it as it is when already held. Refuses with `ROLE_NOT_FOUND`,
 * `OWNER_ROLE_PROTECTED` (ownership is transferred, not assigned), `NOT_FOUND`, and
 * `INSUFFICIENT_PERMISSIONS` for an Admin who would grant Admin or act on an Owner or Admin.
 */
export function assignRole(ctx: Ctx, userId: string, roleName: string): Promise<RoleAssignment> {
  return transaction(ctx, async (ctx) => {
    const role = await findRoleToGive(ctx, roleName);
    if (role === null) return refuse(ErrorCode.ROLE_NOT_FOUND, 'role', 'There is no such role.');
    if (role.name === systemRole.owner) {
      const message = 'The Owner role is only given by a transfer of ownership.';
      return refuse(ErrorCode.OWNER_ROLE_PROTECTED, 'role', message);
    }
    const targetId = parseId<UserId>(userId) ?? refuseMissingUser();
    if (isStaffRole(role.name)) await lockOwnership(ctx);
    await requireAuthorityOver(ctx, targetId);
    if (isStaffRole(role.name)) await requireOwner(ctx);
    await grant(ctx, targetId, role);
    return ctx.db.findOneByOrFail(RoleAssignment, { userId: targetId, roleId: role.id });
  });
}

/**
 * Takes a role away. Refuses with `ASSIGNMENT_NOT_FOUND` when it is not held (or does not exist),
 * `CANNOT_REMOVE_LAST_OWNER`, `NOT_FOUND` and `INSUFFICIENT_PERMISSIONS`.
 */
export function removeRole(ctx: Ctx, userId: string, roleName: string): Promise<UserId> {
  return transaction(ctx, async (ctx) => {
    const targetId = parseId<UserId>(userId) ?? refuseMissingUser();
    const role = await findRole(ctx, roleName);
    const remove = async () => {
      await requireAuthorityOver(ctx, targetId);
      if (role !== null && isStaffRole(role.name)) await requireOwner(ctx);
      if (role === null || !(await revoke(ctx, targetId, role))) {
        refuse(ErrorCode.ASSIGNMENT_NOT_FOUND, 'role', 'The user does not hold this role.');
      }
    };
    if (role === null || !isStaffRole(role.name)) await remove();
    else await keepingAnActiveOwner(ctx, ErrorCode.CANNOT_REMOVE_LAST_OWNER, remove);
    return targetId;
  });
}

/** Gives Admin. Refuses like `assignRole`. */
export function promoteToAdmin(ctx: Ctx, userId: string): Promise<RoleAssignment> {
  return assignRole(ctx, userId, systemRole.admin);
}

/**
 * Takes Owner and Admin away and leaves the user with at least `User`. Refuses with
 * `NO_ROLE_TO_DEMOTE` when neither is held, `CANNOT_REMOVE_LAST_OWNER`, `NOT_FOUND` and
 * `INSUFFICIENT_PERMISSIONS`.
 */
export function demoteToUser(ctx: Ctx, userId: string): Promise<UserId> {
  return transaction(ctx, async (ctx) => {
    const targetId = parseId<UserId>(userId) ?? refuseMissingUser();
    await keepingAnActiveOwner(ctx, ErrorCode.CANNOT_REMOVE_LAST_OWNER, async () => {
      await requireOwner(ctx);
      await requireAuthorityOver(ctx, targetId);
      if (!(await revokeStaffRoles(ctx, targetId))) {
        refuse(ErrorCode.NO_ROLE_TO_DEMOTE, 'userId', 'The user is neither Owner nor Admin.');
      }
    });
    return targetId;
  });
}

/** Takes Owner and Admin away, leaves at least `User`. Answers whether either was held. */
export async function revokeStaffRoles(tx: Tx, userId: UserId): Promise<boolean> {
  const owner = await revoke(tx, userId, await systemRoleNamed(tx, systemRole.owner));
  const admin = await revoke(tx, userId, await systemRoleNamed(tx, systemRole.admin));
  if (owner || admin) await grant(tx, userId, await systemRoleNamed(tx, systemRole.user));
  return owner || admin;
}

/** Gives a role without asking who may: the caller has decided that. Idempotent, audited. */
export async function grant(tx: Tx, userId: UserId, role: Role): Promise<void> {
  const [inserted]: unknown[] = await tx.db.query(
    `INSERT INTO role_assignments (user_id, role_id, assigned_by_id, assigned_at)
     VALUES ($1, $2, $3, now()) ON CONFLICT DO NOTHING RETURNING user_id`,
    [userId, role.id, assignerOf(tx)],
  );
  if (inserted !== undefined) {
    const metadata = { role: role.name };
    await record(tx, { action: 'role.assigned', subjectId: userId, metadata });
    await endSessionsAfterChange(tx, userId);
  }
}

/** Whom an assignment names as having decided it: no key, and not Gatehouse itself. */
export function assignerOf({ actor }: Tx): UserId | null {
  return actor.type === 'user' ? actor.userId : null;
}

async function revoke(tx: Tx, userId: UserId, role: Role): Promise<boolean> {
  const { affected } = await tx.db.delete(RoleAssignment, { userId, roleId: role.id });
  if (!affected) return false;
  const metadata = { role: role.name };
  await record(tx, { action: 'role.removed', subjectId: userId, metadata });
  await endSessionsAfterChange(tx, userId);
  return true;
}

/** Whose roles change signs in anew, where `REVOKE_ON_ROLE_CHANGE` wants it so. */
async function endSessionsAfterChange(tx: Tx, userId: UserId): Promise<void> {
  if (!tx.config.session.revokeOnRoleChange) return;
  const count = await endAllSessions(tx, userId);
  if (count === 0) return;
  const metadata = { count, reason: 'role_changed' };
  await record(tx, { action: 'sessions.ended', subjectId: userId, metadata });
}

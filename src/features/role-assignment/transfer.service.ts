import { systemRole, requireUser } from '../../actor.ts';
import { transaction, type Ctx, type PasswordHash } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { verifyPassword } from '../password/password.service.ts';
import {
  refuseMissingUser,
  requireAuthorityOver,
  requireOwner,
} from '../role/authority.service.ts';
import { keepingAnActiveOwner } from '../role/ownership.service.ts';
import { systemRoleNamed } from '../role/role.service.ts';
import { User } from '../user/user.entity.ts';
import { grant, revokeStaffRoles } from './role-assignment.service.ts';

/**
 * Makes another active user an Owner, and unless `keepOwn` the caller an ordinary user. Refuses
 * with `INVALID_CREDENTIALS` for a wrong password, `NOT_FOUND`, `INVALID` for oneself,
 * `ACCOUNT_INACTIVE`, and `INSUFFICIENT_PERMISSIONS` when the caller is no longer an Owner.
 */
export async function transferOwnership(
  ctx: Ctx,
  userId: string,
  currentPassword: string,
  keepOwn: boolean,
): Promise<UserId> {
  const actor = requireUser(ctx.actor);
  await requirePassword(ctx, actor.userId, currentPassword);
  const heirId = parseId<UserId>(userId) ?? refuseMissingUser();
  if (heirId === actor.userId) {
    refuse(ErrorCode.INVALID, 'userId', 'You cannot transfer ownership to yourself.');
  }
  return transaction(ctx, async (ctx) => {
    await keepingAnActiveOwner(ctx, ErrorCode.CANNOT_REMOVE_LAST_OWNER, async () => {
      await requireOwner(ctx);
      await requireAuthorityOver(ctx, heirId); // locks the heir: a deactivation meanwhile waits
      const heir = await ctx.db.findOneByOrFail(User, { id: heirId });
      if (!heir.isActive) refuse(ErrorCode.ACCOUNT_INACTIVE, 'userId', 'The user is not active.');
      await grant(ctx, heir.id, await systemRoleNamed(ctx, systemRole.owner));
      if (!keepOwn) await revokeStaffRoles(ctx, actor.userId);
      const metadata = { from: actor.userId, keepOwn };
      await record(ctx, { action: 'ownership.transferred', subjectId: heir.id, metadata });
    });
    return heirId;
  });
}

async function requirePassword(ctx: Ctx, userId: UserId, password: string): Promise<void> {
  const [row]: { password_hash: PasswordHash }[] = await ctx.db.query(
    'SELECT password_hash FROM users WHERE id = $1',
    [userId],
  );
  if (!(await verifyPassword(ctx, password, row?.password_hash))) {
    refuse(ErrorCode.INVALID_CREDENTIALS, 'currentPassword', 'The password is not right.');
  }
}

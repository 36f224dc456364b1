import type { Ctx } from '../../context.ts';
import { cleanText, hasForbiddenCharacters } from '../../text.ts';
import { Role } from './role.entity.ts';

/** All roles: those of Gatehouse first, then by name. */
export function listRoles(ctx: Ctx): Promise<Role[]> {
  return ctx.db.find(Role, { order: { isSystem: 'DESC', name: 'ASC' } });
}

/** A role by its name, without regard to case. */
export async function findRole(ctx: Ctx, name: string): Promise<Role | null> {
  const text = cleanText(name);
  if (text === null || hasForbiddenCharacters(text)) return null;
  return ctx.db
    .createQueryBuilder(Role, 'role')
    .where('lower(role.name) = lower(:text)', { text })
    .getOne();
}

/** A role the migrations made; its absence is a broken database, not a mistake of the caller. */
export function systemRoleNamed(ctx: Ctx, name: string): Promise<Role> {
  return ctx.db.findOneByOrFail(Role, { name, isSystem: true });
}

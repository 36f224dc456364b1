import { In } from 'typeorm';
import { alongList } from '../../graphql/loader.ts';
import type { RoleId } from '../../identifiers.ts';
import { Role } from './role.entity.ts';

export const roleById = alongList<RoleId, Role>(async (ctx, ids) => {
  const roles = await ctx.db.findBy(Role, { id: In([...ids]) });
  return new Map(roles.map((role) => [role.id, role]));
});

import { alongList } from '../../graphql/loader.ts';
import type { UserId } from '../../identifiers.ts';
import { Role } from '../role/role.entity.ts';

export const rolesOfUser = alongList<UserId, Role[]>(async (ctx, userIds) => {
  const rows: (Role & { userId: UserId })[] = await ctx.db.query(
    `SELECT a.user_id AS "userId", r.id, r.name, r.description, r.is_system AS "isSystem",
       r.created_at AS "createdAt", r.updated_at AS "updatedAt"
     FROM role_assignments a JOIN roles r ON r.id = a.role_id
     WHERE a.user_id = ANY($1) ORDER BY r.name`,
    [userIds],
  );
  return groupByUser(rows);
});

export const roleNamesOfUser = alongList<UserId, readonly string[]>(async (ctx, userIds) => {
  const rows: { userId: UserId; names: string[] }[] = await ctx.db.query(
    `SELECT a.user_id AS "userId", array_agg(r.name ORDER BY r.name)::text[] AS names
     FROM role_assignments a JOIN roles r ON r.id = a.role_id
     WHERE a.user_id = ANY($1) GROUP BY a.user_id`,
    [userIds],
  );
  return new Map(rows.map((row) => [row.userId, row.names]));
});

function groupByUser(rows: readonly (Role & { userId: UserId })[]): Map<UserId, Role[]> {
  const byUser = new Map<UserId, Role[]>();
  for (const row of rows) {
    const roles = byUser.get(row.userId) ?? [];
    roles.push(Object.assign(new Role(), row));
    byUser.set(row.userId, roles);
  }
  return byUser;
}

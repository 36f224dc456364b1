import { alongList } from '../../graphql/loader.ts';
import type { UserId } from '../../identifiers.ts';
import type { Statement } from '../../statement.ts';
import { Role } from '../role/role.entity.ts';

type RoleOfUser = Role & { readonly userId: UserId };

interface NamesOfUser {
  readonly userId: UserId;
  readonly names: readonly string[];
}

// Of so many users as there are, whom `(SELECT …)` keeps from the planner: one plan is good for all.
const asked = 'a.user_id = ANY((SELECT $1::uuid[])::uuid[])';

const roles: Statement = {
  name: 'roles of users',
  text: `
  SELECT a.user_id AS "userId", r.id, r.name, r.description, r.is_system AS "isSystem",
    r.created_at AS "createdAt", r.updated_at AS "updatedAt"
  FROM role_assignments a JOIN roles r ON r.id = a.role_id
  WHERE ${asked} ORDER BY r.name`,
};

const roleNames: Statement = {
  name: 'role names of users',
  text: `
  SELECT a.user_id AS "userId", array_agg(r.name ORDER BY r.name)::text[] AS names
  FROM role_assignments a JOIN roles r ON r.id = a.role_id
  WHERE ${asked} GROUP BY a.user_id`,
};

export const rolesOfUser = alongList<UserId, Role[]>(async (ctx, userIds) => {
  return groupByUser(await ctx.ports.readRows<RoleOfUser>(ctx.db, roles, [userIds]));
});

export const roleNamesOfUser = alongList<UserId, readonly string[]>(async (ctx, userIds) => {
  const rows = await ctx.ports.readRows<NamesOfUser>(ctx.db, roleNames, [userIds]);
  return new Map(rows.map((row) => [row.userId, row.names]));
});

function groupByUser(rows: readonly RoleOfUser[]): Map<UserId, Role[]> {
  const byUser = new Map<UserId, Role[]>();
  for (const row of rows) {
    const roles = byUser.get(row.userId) ?? [];
    roles.push(Object.assign(new Role(), row));
    byUser.set(row.userId, roles);
  }
  return byUser;
}

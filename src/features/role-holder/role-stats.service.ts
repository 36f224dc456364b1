import type { Ctx } from '../../context.ts';
import { systemRole } from '../../actor.ts';
import { readingList } from '../../reading.ts';
import type { Role } from '../role/role.entity.ts';

interface Counts {
  readonly totalUsers: number;
  readonly inactiveCount: number;
  readonly pendingCount: number;
  /** All roles, those of Gatehouse first, with how many hold each. */
  readonly byRole: readonly { readonly role: Role; readonly count: number }[];
}

/**
 * How many users there are, of every kind and with every role, all of one moment. Who holds
 * several roles counts with each; inactive users count.
 */
export async function roleStats(ctx: Ctx) {
  const [row] = await readingList(ctx, (ctx) => ctx.db.query<Counts[]>(countUsers));
  if (row === undefined) throw new Error('Counting without groups returned no row.');
  const { totalUsers, inactiveCount, pendingCount, byRole } = row;
  const holders = (name: string) => byRole.find(({ role }) => role.name === name)?.count ?? 0;
  return {
    totalUsers,
    ownerCount: holders(systemRole.owner),
    adminCount: holders(systemRole.admin),
    userCount: holders(systemRole.user),
    activeCount: totalUsers - inactiveCount,
    inactiveCount,
    confirmedCount: totalUsers - pendingCount,
    pendingCount,
    byRole: [...byRole],
  };
}

// Each count by the smallest index that has it: the inactive and the pending have their own.
const countUsers = `
  SELECT (SELECT count(*) FROM users)::int AS "totalUsers",
    (SELECT count(*) FROM users WHERE NOT is_active)::int AS "inactiveCount",
    (SELECT count(*) FROM users WHERE confirmed_at IS NULL)::int AS "pendingCount",
    (SELECT json_agg(json_build_object('count', coalesce(held.count, 0), 'role', json_build_object(
        'id', r.id, 'name', r.name, 'description', r.description, 'isSystem', r.is_system
      )) ORDER BY r.is_system DESC, r.name)
     FROM roles r LEFT JOIN (
       SELECT role_id, count(*) FROM role_assignments GROUP BY role_id
     ) AS held ON held.role_id = r.id) AS "byRole"`;

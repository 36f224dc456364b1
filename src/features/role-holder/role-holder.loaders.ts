import { perRequest } from '../../graphql/loader.ts';
import type { RoleId } from '../../identifiers.ts';
import { readingList } from '../../reading.ts';

/** How many users hold a role; null for nobody. */
export const holderCount = perRequest<RoleId, number>(async (ctx, roleIds) => {
  const rows = await readingList(ctx, (ctx) =>
    ctx.db.query<{ roleId: RoleId; count: number }[]>(
      `SELECT role_id AS "roleId", count(*)::int AS count FROM role_assignments
       WHERE role_id = ANY($1) GROUP BY role_id`,
      [roleIds],
    ),
  );
  return new Map(rows.map(({ roleId, count }) => [roleId, count]));
});

import type { Ctx } from '../../context.ts';
import { readStretch, type Stretch, type StretchOf } from '../../keyset.ts';
import { readingList } from '../../reading.ts';
import { RoleAssignment } from '../role-assignment/role-assignment.entity.ts';
import { findRole } from '../role/role.service.ts';
import { User } from '../user/user.entity.ts';
import { userColumns } from '../user/user.service.ts';
import { readCustomFields, readTerm, type UserFilter } from './user-filter.rules.ts';
import { pageStatement, userOrders, usersWith, UserSort, type Criteria } from './user.search.ts';

export interface Page {
  readonly page: number;
  readonly pageSize: number;
}

/**
 * What the users asked for must meet; null for what nobody can. The role is looked up first, so
 * that PostgreSQL knows whose holders it is to find: some roles have five, others a million.
 * Denied as `BAD_USER_INPUT` for custom fields that cannot be.
 */
export async function readFilter(ctx: Ctx, filter: UserFilter): Promise<Criteria | null> {
  const { role, search, isActive, confirmed, customFields } = filter;
  const fields = isGiven(customFields) ? readCustomFields(customFields) : undefined;
  const term = isGiven(search) ? readTerm(search) : undefined;
  if (term === null) return null;
  const found = isGiven(role) ? await findRole(ctx, role) : undefined;
  if (found === null) return null;
  return {
    roleId: found?.id,
    term,
    isActive: isActive ?? undefined,
    confirmed: confirmed ?? undefined,
    customFields: fields,
  };
}

/** One page of the users that meet the criteria, newest first unless sorted. */
export async function listUsers(
  ctx: Ctx,
  criteria: Criteria | null,
  { page, pageSize }: Page,
  sort: UserSort = UserSort.CREATED_AT_DESC,
): Promise<User[]> {
  if (criteria === null) return [];
  const offset = (page - 1) * pageSize;
  const rows = await readingList(ctx, async (ctx) => {
    const statement = pageStatement(ctx, criteria, sort);
    if (statement) return ctx.ports.readRows<User>(ctx.db, statement, [pageSize, offset]);
    const { column, idColumn, direction } = userOrders[sort];
    return usersWith(ctx, criteria)
      .select(userColumns(ctx, '"user".'))
      .orderBy(column, direction)
      .addOrderBy(idColumn, direction)
      .limit(pageSize)
      .offset(offset)
      .getRawMany<User>();
  });
  return rows.map((row) => Object.assign(new User(), row));
}

/** A stretch of the users that meet the criteria, from wherever in the list it begins. */
export async function readUsers(
  ctx: Ctx,
  criteria: Criteria | null,
  sort: UserSort,
  stretch: Stretch,
): Promise<StretchOf<User>> {
  if (criteria === null) return { rows: [], hasMoreBefore: false, hasMoreAfter: false };
  return readingList(ctx, (ctx) =>
    readStretch(usersWith(ctx, criteria), userOrders[sort], stretch),
  );
}

/** How many users meet the criteria. Counting reads every one of them: only when asked for. */
export async function countUsers(ctx: Ctx, criteria: Criteria | null): Promise<number> {
  if (criteria === null) return 0;
  const { roleId, ...others } = criteria;
  // Of a role alone the holders are counted without looking at a million users.
  if (roleId !== undefined && Object.values(others).every((value) => value === undefined)) {
    return readingList(ctx, (ctx) => ctx.db.countBy(RoleAssignment, { roleId }));
  }
  return readingList(ctx, (ctx) => usersWith(ctx, criteria).getCount());
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

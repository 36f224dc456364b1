import type { SelectQueryBuilder } from 'typeorm';
import type { Ctx } from '../../context.ts';
import { characterCount, cleanText, hasForbiddenCharacters } from '../../text.ts';
import { User } from '../user/user.entity.ts';

export interface UserFilter {
  readonly role?: string | null | undefined;
  readonly search?: string | null | undefined;
  readonly isActive?: boolean | null | undefined;
  readonly confirmed?: boolean | null | undefined;
}

export enum UserSort {
  CREATED_AT_DESC = 'CREATED_AT_DESC',
  CREATED_AT_ASC = 'CREATED_AT_ASC',
  EMAIL_ASC = 'EMAIL_ASC',
  EMAIL_DESC = 'EMAIL_DESC',
}

/** The column and direction of each order; the id breaks ties in the same direction. */
export const userOrder = {
  [UserSort.CREATED_AT_DESC]: { column: 'user.created_at', direction: 'DESC' },
  [UserSort.CREATED_AT_ASC]: { column: 'user.created_at', direction: 'ASC' },
  [UserSort.EMAIL_ASC]: { column: 'lower(user.email)', direction: 'ASC' },
  [UserSort.EMAIL_DESC]: { column: 'lower(user.email)', direction: 'DESC' },
} as const;

// Spelled exactly as in the index users_search_index, or PostgreSQL will not use it.
const searchText = `lower("user"."email" || E'\\n' || coalesce("user"."username", '') || E'\\n' ||
  coalesce("user"."first_name", '') || ' ' || coalesce("user"."last_name", ''))`;

const holdsRole = `EXISTS (
  SELECT FROM role_assignments assignment JOIN roles role ON role.id = assignment.role_id
  WHERE assignment.user_id = "user".id AND lower(role.name) = lower(:role))`;

/** `%`, `_` and `\` in a term mean themselves. */
function likePattern(term: string): string {
  return `%${term.replace(/[\\%_]/g, '\\$&')}%`;
}

/** A query over the users that pass the filter. A search term under two characters finds nobody. */
export function filteredUsers(ctx: Ctx, filter: UserFilter): SelectQueryBuilder<User> {
  const query = ctx.db.createQueryBuilder(User, 'user');
  if (filter.role !== null && filter.role !== undefined) {
    const role = cleanText(filter.role);
    if (role === null || hasForbiddenCharacters(role)) query.andWhere('false');
    else query.andWhere(holdsRole, { role });
  }
  if (filter.search !== null && filter.search !== undefined) {
    const term = cleanText(filter.search) ?? '';
    if (characterCount(term) < 2 || hasForbiddenCharacters(term)) query.andWhere('false');
    else query.andWhere(`${searchText} LIKE lower(:pattern)`, { pattern: likePattern(term) });
  }
  if (filter.isActive !== null && filter.isActive !== undefined) {
    query.andWhere('"user"."is_active" = :isActive', { isActive: filter.isActive });
  }
  if (filter.confirmed !== null && filter.confirmed !== undefined) {
    query.andWhere(`"user"."confirmed_at" IS ${filter.confirmed ? 'NOT NULL' : 'NULL'}`);
  }
  return query;
}

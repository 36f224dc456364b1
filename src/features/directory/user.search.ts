import type { SelectQueryBuilder } from 'typeorm';
import type { Ctx } from '../../context.ts';
import type { RoleId } from '../../identifiers.ts';
import type { KeysetOrder } from '../../keyset.ts';
import type { Statement } from '../../statement.ts';
import { User } from '../user/user.entity.ts';
import { userColumns } from '../user/user.service.ts';

/** What the users of a list have in common, as `readFilter` has read it. */
export interface Criteria {
  readonly roleId?: RoleId | undefined;
  /** A part of the searched text, of two characters or more. */
  readonly term?: string | undefined;
  readonly isActive?: boolean | undefined;
  readonly confirmed?: boolean | undefined;
  /** Custom fields with their values, as JSON. */
  readonly customFields?: string | undefined;
}

export enum UserSort {
  CREATED_AT_DESC = 'CREATED_AT_DESC',
  CREATED_AT_ASC = 'CREATED_AT_ASC',
  EMAIL_ASC = 'EMAIL_ASC',
  EMAIL_DESC = 'EMAIL_DESC',
}

type UserOrder = KeysetOrder & {
  readonly name: string;
  /** What `column` is made from, of one user. */
  readonly keyOf: (user: User) => string;
};

const byCreation = {
  column: '"user"."created_at"',
  idColumn: '"user"."id"',
  type: 'time',
  keyOf: (user: User) => user.createdAt.toISOString(),
} as const;

const byEmail = {
  column: 'lower("user"."email")',
  idColumn: '"user"."id"',
  type: 'caseless',
  keyOf: (user: User) => user.email,
} as const;

export const userOrders: Readonly<Record<UserSort, UserOrder>> = {
  [UserSort.CREATED_AT_DESC]: { ...byCreation, name: 'users.newest', direction: 'DESC' },
  [UserSort.CREATED_AT_ASC]: { ...byCreation, name: 'users.oldest', direction: 'ASC' },
  [UserSort.EMAIL_ASC]: { ...byEmail, name: 'users.a-z', direction: 'ASC' },
  [UserSort.EMAIL_DESC]: { ...byEmail, name: 'users.z-a', direction: 'DESC' },
};

/** Spelled exactly as in the index users_search_index, or PostgreSQL will not use it. */
export const searchText = `lower("user"."email" || E'\\n' || coalesce("user"."username", '') || E'\\n' ||
  coalesce("user"."first_name", '') || ' ' || coalesce("user"."last_name", ''))`;

const holdsRole = `EXISTS (
  SELECT FROM role_assignments a WHERE a.user_id = "user"."id" AND a.role_id = :roleId)`;

/** `%`, `_` and `\\` in a term mean themselves. */
export function likePattern(term: string): string {
  return term.replace(/[\\%_]/g, '\\$&');
}

/** A query over the users that meet the criteria. */
export function usersWith(ctx: Ctx, criteria: Criteria): SelectQueryBuilder<User> {
  const { roleId, term, customFields } = criteria;
  const query = ctx.db.createQueryBuilder(User, 'user');
  if (roleId !== undefined) query.andWhere(holdsRole, { roleId });
  if (term !== undefined) {
    query.andWhere(`${searchText} LIKE lower(:pattern)`, {
      pattern: `%${likePattern(term)}%`,
    });
  }
  for (const condition of stateConditions(criteria)) query.andWhere(condition);
  if (customFields !== undefined) {
    query.andWhere('"user"."custom_fields" @> CAST(:customFields AS jsonb)', { customFields });
  }
  return query;
}

/** Spelled as the conditions of the partial indexes, which a parameter would hide. */
function stateConditions({ isActive, confirmed }: Criteria): string[] {
  const conditions: string[] = [];
  if (isActive !== undefined) conditions.push(`${isActive ? '' : 'NOT '}"user"."is_active"`);
  if (confirmed !== undefined) {
    conditions.push(`"user"."confirmed_at" IS ${confirmed ? 'NOT NULL' : 'NULL'}`);
  }
  return conditions;
}

const pageStatements = new Map<string, Statement>();

/**
 * The statement for a page (`$1` users after `$2`) of whoever meets criteria that have no values:
 * few enough to be planned once each. Undefined for the others, whose plans depend on the values.
 */
export function pageStatement(ctx: Ctx, criteria: Criteria, sort: UserSort): Statement | undefined {
  const { roleId, term, customFields } = criteria;
  if ([roleId, term, customFields].some((value) => value !== undefined)) return undefined;
  const name = `users ${sort} active=${criteria.isActive} confirmed=${criteria.confirmed}`;
  const known = pageStatements.get(name);
  if (known !== undefined) return known;
  const { column, idColumn, direction } = userOrders[sort];
  // `(SELECT …)` keeps from the planner how many are asked for: it would plan each page anew.
  const text = `
    SELECT ${userColumns(ctx, '"user".')} FROM "users" "user"
    WHERE ${['true', ...stateConditions(criteria)].join(' AND ')}
    ORDER BY ${column} ${direction}, ${idColumn} ${direction}
    LIMIT (SELECT $1::bigint) OFFSET (SELECT $2::bigint)`;
  const statement = { name, text };
  pageStatements.set(name, statement);
  return statement;
}

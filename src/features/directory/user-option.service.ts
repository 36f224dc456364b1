import type { Ctx } from '../../context.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { readingList } from '../../reading.ts';
import { readTerm } from './user-filter.rules.ts';
import { likePattern, usersWith } from './user.search.ts';

/** As much of a user as tells which one to choose. */
export interface UserOptionRow {
  readonly id: UserId;
  readonly email: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
}

/** The columns of an option, of users named `"user"`. */
const optionColumns = `"user"."id", "user"."email", "user"."username",
  "user"."first_name" AS "firstName", "user"."last_name" AS "lastName"`;

const maxOptions = 10;

/**
 * At most ten users to choose from: of whom an address, username, first, last or full name is the
 * term; of whom one begins with it; then any who hold it somewhere. Nobody for less than two
 * characters.
 */
export async function searchUsers(ctx: Ctx, search: string): Promise<UserOptionRow[]> {
  const term = readTerm(search);
  if (term === null) return [];
  return readingList(ctx, (ctx) => findOptions(ctx, term));
}

async function findOptions(ctx: Ctx, term: string): Promise<UserOptionRow[]> {
  const first = await findBeginningWith(ctx, term, maxOptions);
  const missing = maxOptions - first.length;
  if (missing === 0) return first;
  const found = first.map(({ id }) => id);
  return [...first, ...(await findHolding(ctx, term, found, missing))];
}

/** The user with this id, as an option; null when there is none. */
export async function userOption(ctx: Ctx, id: string): Promise<UserOptionRow | null> {
  const userId = parseId<UserId>(id);
  if (userId === undefined) return null;
  const [row]: UserOptionRow[] = await ctx.db.query(
    `SELECT ${optionColumns} FROM users "user" WHERE id = $1`,
    [userId],
  );
  return row ?? null;
}

const fullName = `lower(coalesce("user"."first_name", '') || ' ' || coalesce("user"."last_name", ''))`;

/** What may begin with a term, spelled as in its index, and what of it may equal the term. */
const beginnings = [
  { index: 'lower("user"."email")', whole: ['lower("user"."email")'] },
  { index: 'lower("user"."username")', whole: ['lower("user"."username")'] },
  { index: fullName, whole: ['lower("user"."first_name")', fullName] },
  { index: 'lower("user"."last_name")', whole: ['lower("user"."last_name")'] },
];

/**
 * Those of whom a text begins with the term, first where all of it is the term, then by address.
 * Each index is read from the term on (`~<~` is its order), where what equals the term comes first
 * of all; so ten of each are enough, however many there are.
 */
const beginningWith = `
  SELECT id, email, username, "firstName", "lastName" FROM (
    ${beginnings
      .map(
        ({ index, whole }) => `(
      SELECT ${optionColumns}, ${whole.map((text) => `coalesce(${text}, '') = lower($2)`).join(' OR ')} AS whole
      FROM users "user" WHERE ${index} LIKE lower($1) ORDER BY ${index} USING ~<~ LIMIT $3)`,
      )
      .join(' UNION ALL ')}
  ) AS found
  GROUP BY id, email, username, "firstName", "lastName"
  ORDER BY bool_or(whole) DESC, lower(email), id LIMIT $3`;

function findBeginningWith(ctx: Ctx, term: string, limit: number): Promise<UserOptionRow[]> {
  return ctx.db.query(beginningWith, [`${likePattern(term)}%`, term, limit]);
}

/** Those who hold the term anywhere, newest first, without those found already. */
function findHolding(
  ctx: Ctx,
  term: string,
  found: readonly UserId[],
  limit: number,
): Promise<UserOptionRow[]> {
  return usersWith(ctx, { term })
    .select(optionColumns)
    .andWhere('"user"."id" <> ALL(:found)', { found })
    .orderBy('"user"."created_at"', 'DESC')
    .addOrderBy('"user"."id"', 'DESC')
    .limit(limit)
    .getRawMany();
}

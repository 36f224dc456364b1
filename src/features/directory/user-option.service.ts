import type { Ctx } from '../../context.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { readingList } from '../../reading.ts';
import type { Statement } from '../../statement.ts';
import { readTerm } from './user-filter.rules.ts';
import { likePattern, searchText } from './user.search.ts';

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
  const { readRows } = ctx.ports;
  const first = await readRows<UserOptionRow>(ctx.db, beginningWith, [term]);
  const missing = maxOptions - first.length;
  if (missing === 0) return first;
  const found = first.map(({ id }) => id);
  const pattern = `%${likePattern(term)}%`;
  const rest = await readRows<UserOptionRow>(ctx.db, holding, [pattern, found, missing]);
  return [...first, ...rest];
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

// More than any text has after its beginning. Letter by letter, nothing that begins with a term
// comes after the term with so many of the last code point behind it.
const farthest = `lower($1) || repeat(chr(1114111), 1000)`;

/**
 * Those of whom a text begins with the term, first where all of it is the term, then by address.
 * Each index is read from the term on (`~<~` is its order), where what equals the term comes first
 * of all; so ten of each are enough, however many there are.
 *
 * A range and not `LIKE`, which has to be planned for each pattern. `(SELECT …)` keeps the term from
 * the planner, which would otherwise find plans for single terms so cheap that it makes one each time.
 */
const beginningWith: Statement = {
  name: 'users beginning with',
  text: `
  SELECT id, email, username, "firstName", "lastName" FROM (
    ${beginnings
      .map(
        ({ index, whole }) => `(
      SELECT ${optionColumns}, ${whole.map((text) => `coalesce(${text}, '') = lower($1)`).join(' OR ')} AS whole
      FROM users "user"
      WHERE ${index} ~>=~ (SELECT lower($1)) AND ${index} ~<=~ (SELECT ${farthest})
      ORDER BY ${index} USING ~<~ LIMIT ${maxOptions})`,
      )
      .join(' UNION ALL ')}
  ) AS found
  GROUP BY id, email, username, "firstName", "lastName"
  ORDER BY bool_or(whole) DESC, lower(email), id LIMIT ${maxOptions}`,
};

/**
 * Those who hold the term anywhere, newest first, without those found already. Without a name: the
 * planner has to see whether half of all hold the term, who are read from the newest on, or a few,
 * who are found by their trigrams.
 */
const holding: Statement = {
  text: `
  SELECT ${optionColumns} FROM users "user"
  WHERE ${searchText} LIKE lower($1) AND "user"."id" <> ALL($2)
  ORDER BY "user"."created_at" DESC, "user"."id" DESC LIMIT $3`,
};

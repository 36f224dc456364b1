import { QueryFailedError } from 'typeorm';
import { mayReadUsers } from '../../actor.ts';
import type { Ctx } from '../../context.ts';
import { Denial } from '../../errors.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { cleanText, hasForbiddenCharacters } from '../../text.ts';
import { User } from './user.entity.ts';
import { filteredUsers, userOrder, type UserFilter, type UserSort } from './user.search.ts';

/** The user with this id, or null. Who may not read about others may ask for the own id only. */
export async function findUser(ctx: Ctx, id: string): Promise<User | null> {
  const userId = parseId<UserId>(id);
  const own = ctx.actor.type === 'user' && ctx.actor.userId === userId;
  if (!own && !mayReadUsers(ctx.actor)) {
    throw new Denial('FORBIDDEN', 'Only administrators may see other users.');
  }
  return userId === undefined ? null : ctx.db.findOneBy(User, { id: userId });
}

/**
 * The SQL condition, on `$1`, for the user a clean login text names. An address holds an `@`,
 * which no username does, so one text never names two users.
 */
export function loginCondition(login: string): string {
  return `lower(${login.includes('@') ? 'email' : 'username'}) = lower($1)`;
}

/** The id of the user an e-mail address or a username names. */
export async function findUserIdByLogin(ctx: Ctx, login: string): Promise<UserId | undefined> {
  const text = cleanText(login);
  if (text === null || hasForbiddenCharacters(text)) return undefined;
  const [row]: { id: UserId }[] = await ctx.db.query(
    `SELECT id FROM users WHERE ${loginCondition(text)}`,
    [text],
  );
  return row?.id;
}

/**
 * Whether a write failed because somebody else has the address or the username: PostgreSQL finds
 * that out while writing, and a look before would let two through.
 */
export function isTakenByAnother(error: unknown, what: 'email' | 'username'): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { constraint } = error.driverError as { readonly constraint?: string };
  return constraint === `users_${what}_key`;
}

export interface Page {
  readonly page: number;
  readonly pageSize: number;
}

/** One page of the users that pass the filter. */
export function listUsers(
  ctx: Ctx,
  filter: UserFilter,
  sort: UserSort,
  { page, pageSize }: Page,
): Promise<User[]> {
  const { column, direction } = userOrder[sort];
  return filteredUsers(ctx, filter)
    .orderBy(column, direction)
    .addOrderBy('user.id', direction)
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .getMany();
}

/** How many users pass the filter. Counting reads every one of them: only when asked for. */
export function countUsers(ctx: Ctx, filter: UserFilter): Promise<number> {
  return filteredUsers(ctx, filter).getCount();
}

import { QueryFailedError } from 'typeorm';
import { mayReadUsers } from '../../actor.ts';
import type { Ctx } from '../../context.ts';
import { Denial } from '../../errors.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { cleanText, hasForbiddenCharacters } from '../../text.ts';
import { User } from './user.entity.ts';

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

/**
 * What is selected of a user, named as the entity has it: for statements past the ORM, which takes
 * longer to make entities of a page of users than PostgreSQL to find them.
 */
export function userColumns(ctx: Ctx, prefix = ''): string {
  return ctx.db.dataSource
    .getMetadata(User)
    .columns.filter(({ isSelect }) => isSelect)
    .map(({ databaseName, propertyName }) => `${prefix}${databaseName} AS "${propertyName}"`)
    .join(', ');
}

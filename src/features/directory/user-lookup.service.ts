import { systemRole } from '../../actor.ts';
import type { Ctx } from '../../context.ts';
import { cleanText, hasForbiddenCharacters } from '../../text.ts';
import { User } from '../user/user.entity.ts';

/** The user with this address, without regard to case; null when there is none. */
export async function findUserByEmail(ctx: Ctx, email: string): Promise<User | null> {
  const text = cleanText(email);
  if (text === null || hasForbiddenCharacters(text)) return null;
  return ctx.db
    .createQueryBuilder(User, 'user')
    .where('lower("user"."email") = lower(:text)', { text })
    .getOne();
}

/** The user with the lowest id: ids grow with time, so the first to register. */
export function firstUser(ctx: Ctx): Promise<User | null> {
  return ctx.db.createQueryBuilder(User, 'user').orderBy('"user"."id"').limit(1).getOne();
}

/** The first Owner by id, active or not; without one the first Admin; without one null. */
export function firstAdmin(ctx: Ctx): Promise<User | null> {
  return ctx.db
    .createQueryBuilder(User, 'user')
    .where(
      `"user"."id" = (
        SELECT a.user_id FROM role_assignments a JOIN roles r ON r.id = a.role_id
        WHERE r.name IN (:owner, :admin) ORDER BY r.name = :owner DESC, a.user_id LIMIT 1)`,
      systemRole,
    )
    .getOne();
}

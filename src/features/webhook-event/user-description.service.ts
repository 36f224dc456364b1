import type { Tx } from '../../context.ts';
import type { UserId } from '../../identifiers.ts';
import type { JsonValue } from '../../json.ts';

/** A user as webhooks are told of them: what administrators see, and no hash, token or address of
 * a computer. */
interface UserDescription {
  readonly id: UserId;
  readonly email: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly isActive: boolean;
  readonly confirmedAt: Date | null;
  readonly timezone: string | null;
  readonly preferredLocale: string | null;
  readonly roles: readonly string[];
  readonly customFields: Readonly<Record<string, JsonValue>>;
  readonly lastSignInAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * Users as they are now. They are locked until the transaction ends, so that of two changes to one
 * user at once the second is told after the first.
 */
export async function describeUsers(
  tx: Tx,
  ids: readonly UserId[],
): Promise<ReadonlyMap<UserId, UserDescription>> {
  const users: UserDescription[] = await tx.db.query(
    `SELECT u.id, u.email, u.username, u.first_name AS "firstName", u.last_name AS "lastName",
       u.is_active AS "isActive", u.confirmed_at AS "confirmedAt", u.timezone,
       u.preferred_locale AS "preferredLocale",
       ARRAY(SELECT r.name FROM role_assignments a JOIN roles r ON r.id = a.role_id
         WHERE a.user_id = u.id ORDER BY r.name)::text[] AS roles,
       u.custom_fields AS "customFields", u.last_sign_in_at AS "lastSignInAt",
       u.created_at AS "createdAt", u.updated_at AS "updatedAt"
     FROM users u WHERE u.id = ANY($1) ORDER BY u.id FOR NO KEY UPDATE OF u`,
    [ids],
  );
  return new Map(users.map((user) => [user.id, user]));
}

import { transaction, type Ctx } from '../../context.ts';
import type { UserId } from '../../identifiers.ts';
import type { CustomFields } from '../user/user.entity.ts';
import { record } from '../audit/audit.service.ts';

/** A user as a file tells of them, by the names an import reads. */
export interface ExportedUser {
  readonly id: UserId;
  readonly email: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Absent unless asked for. */
  readonly passwordHash?: string;
  readonly confirmedAt: Date | null;
  readonly isActive: boolean;
  readonly timezone: string | null;
  readonly locale: string | null;
  readonly roles: readonly string[];
  readonly customFields: CustomFields;
  readonly createdAt: Date;
}

const batchSize = 2_000;

/**
 * Hands over all users as they were at one moment, by their ids, a batch at a time. That they were
 * taken out, and whether with their hashes, is in the audit log before the first is.
 */
export async function exportUsers(
  ctx: Ctx,
  withPasswordHashes: boolean,
  take: (users: readonly ExportedUser[]) => Promise<void>,
): Promise<void> {
  const metadata = { withPasswordHashes };
  await record(ctx, { action: 'users.exported', subjectId: null, metadata });
  await transaction(ctx, async (ctx) => {
    // Whoever reads the output may take their time.
    await ctx.db.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await ctx.db.query(declareCursor(withPasswordHashes));
    for (;;) {
      const users: ExportedUser[] = await ctx.db.query(`FETCH ${batchSize} FROM exported`);
      if (users.length === 0) return;
      await take(users);
    }
  });
}

/** In the order of the index on ids, so that the first rows are there without sorting all. */
const declareCursor = (withPasswordHashes: boolean) => `
  DECLARE exported NO SCROLL CURSOR FOR
  SELECT id, email, username, first_name AS "firstName", last_name AS "lastName",
    ${withPasswordHashes ? 'password_hash AS "passwordHash",' : ''}
    confirmed_at AS "confirmedAt", is_active AS "isActive", timezone,
    preferred_locale AS locale,
    ARRAY(SELECT r.name FROM role_assignments a JOIN roles r ON r.id = a.role_id
      WHERE a.user_id = u.id ORDER BY r.name)::text[] AS roles,
    custom_fields AS "customFields", created_at AS "createdAt"
  FROM users u ORDER BY id`;

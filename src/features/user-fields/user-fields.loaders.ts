import { alongList } from '../../graphql/loader.ts';
import type { UserId } from '../../identifiers.ts';
import type { CustomFields } from '../user/user.entity.ts';

export const customFieldsOfUser = alongList<UserId, CustomFields>(async (ctx, userIds) => {
  const rows: { id: UserId; custom_fields: CustomFields }[] = await ctx.db.query(
    'SELECT id, custom_fields FROM users WHERE id = ANY($1)',
    [userIds],
  );
  return new Map(rows.map((row) => [row.id, row.custom_fields]));
});

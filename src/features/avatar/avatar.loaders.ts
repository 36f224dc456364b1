import { alongList } from '../../graphql/loader.ts';
import type { UserId } from '../../identifiers.ts';
import { Image } from './image.entity.ts';

/** Past the ORM, which takes longer to make entities of a page of pictures than PostgreSQL to find it. */
export const avatarOfUser = alongList<UserId, Image>(async (ctx, userIds) => {
  const rows: Omit<Image, 'createdAt'>[] = await ctx.db.query(
    `SELECT id, user_id AS "userId", sha256, mime_type AS "mimeType", width, height, size, status,
       files
     FROM images WHERE user_id = ANY($1)`,
    [userIds],
  );
  return new Map(rows.map((row) => [row.userId, Object.assign(new Image(), row)]));
});

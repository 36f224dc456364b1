import { alongList } from '../../graphql/loader.ts';
import type { UserId } from '../../identifiers.ts';
import type { Statement } from '../../statement.ts';
import { Image } from './image.entity.ts';

// `(SELECT …)` keeps from the planner how many users it is about: one plan is good for all.
const images: Statement = {
  name: 'images of users',
  text: `
  SELECT id, user_id AS "userId", sha256, mime_type AS "mimeType", width, height, size, status, files
  FROM images WHERE user_id = ANY((SELECT $1::uuid[])::uuid[])`,
};

/** Past the ORM, which takes longer to make entities of a page of pictures than PostgreSQL to find it. */
export const avatarOfUser = alongList<UserId, Image>(async (ctx, userIds) => {
  const rows = await ctx.ports.readRows<Omit<Image, 'createdAt'>>(ctx.db, images, [userIds]);
  return new Map(rows.map((row) => [row.userId, Object.assign(new Image(), row)]));
});

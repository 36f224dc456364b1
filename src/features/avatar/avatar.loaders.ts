import { In } from 'typeorm';
import { perRequest } from '../../graphql/loader.ts';
import type { UserId } from '../../identifiers.ts';
import { Image } from './image.entity.ts';

export const avatarOfUser = perRequest<UserId, Image>(async (ctx, userIds) => {
  const images = await ctx.db.findBy(Image, { userId: In([...userIds]) });
  return new Map(images.map((image) => [image.userId, image]));
});

import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  FieldResolver,
  ID,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import type { RequestCtx } from '../../graphql/request-context.ts';
import { Upload } from '../../graphql/upload.ts';
import { User } from '../user/user.entity.ts';
import { freshUser } from '../user/user.loaders.ts';
import { avatarOfUser } from './avatar.loaders.ts';
import {
  removeOwnAvatar,
  removeUserAvatar,
  updateOwnAvatar,
  updateUserAvatar,
} from './avatar.service.ts';
import { Image, ImageFile } from './image.entity.ts';
import { ImageVariant, servedPath, variantType } from './image.rules.ts';
import type { IncomingFile } from './upload.service.ts';

@ObjectType({ description: "The outcome of changing a user's picture." })
class ImagePayload {
  @Field(() => Image, { nullable: true, description: 'The picture as it is now; null for none.' })
  image!: Image | null;

  @Field(() => User, { nullable: true, description: 'Whose picture it is.' })
  user!: User | null;
}

const fileArgument = { description: 'JPEG, PNG, WebP, GIF or AVIF; 10 MiB, 50 megapixels.' };
const userIdArgument = { description: 'Whom it concerns.' };

@Resolver()
export class AvatarResolver {
  @Directive('@auth(requires: USER)')
  @Directive('@rateLimit(name: AVATAR_USER)')
  @Mutation(() => ImagePayload, { description: "Puts a picture in the place of the caller's." })
  async updateAvatar(
    @Arg('file', () => Upload, fileArgument) file: IncomingFile,
    @Context() ctx: Ctx,
  ): Promise<ImagePayload> {
    return outcome(ctx, await updateOwnAvatar(ctx, file));
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_WRITE)')
  @Mutation(() => ImagePayload, { description: "Puts a picture in the place of a user's." })
  async updateUserAvatar(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Arg('file', () => Upload, fileArgument) file: IncomingFile,
    @Context() ctx: Ctx,
  ): Promise<ImagePayload> {
    return outcome(ctx, await updateUserAvatar(ctx, userId, file));
  }

  @Directive('@auth(requires: USER)')
  @Mutation(() => ImagePayload, { description: "Takes the caller's picture away, if any." })
  async removeAvatar(@Context() ctx: Ctx): Promise<ImagePayload> {
    return { image: null, user: await freshUser(ctx, await removeOwnAvatar(ctx)) };
  }

  @Directive('@auth(requires: ADMIN, scope: USERS_WRITE)')
  @Mutation(() => ImagePayload, { description: "Takes a user's picture away, if any." })
  async removeUserAvatar(
    @Arg('userId', () => ID, userIdArgument) userId: string,
    @Context() ctx: Ctx,
  ): Promise<ImagePayload> {
    return { image: null, user: await freshUser(ctx, await removeUserAvatar(ctx, userId)) };
  }
}

async function outcome(ctx: Ctx, image: Image): Promise<ImagePayload> {
  return { image, user: await freshUser(ctx, image.userId) };
}

@Resolver(() => User)
export class UserAvatarResolver {
  @FieldResolver(() => Image, { nullable: true, description: "The user's picture, if any." })
  avatar(@Root() user: User, @Context() ctx: Ctx): Image | null | Promise<Image | null> {
    return avatar(user, {}, ctx);
  }
}

/** `User.avatar` as a plain function: lists of users show one each. */
export function avatar(user: User, _args: object, ctx: Ctx): Image | null | Promise<Image | null> {
  return avatarOfUser(ctx).get(user.id);
}

@Resolver(() => Image)
export class ImageResolver {
  @FieldResolver(() => String, {
    description:
      'Where it is served, for everyone. Until a variant is ready, its address serves the original.',
  })
  url(
    @Root() image: Image,
    @Arg('variant', () => ImageVariant, {
      nullable: true,
      defaultValue: ImageVariant.ORIGINAL,
      description: 'Which of its files.',
    })
    variant: ImageVariant | null,
    @Context() ctx: RequestCtx,
  ): string {
    return imageUrl(image, { variant }, ctx);
  }

  @FieldResolver(() => [ImageFile], {
    description: 'The files that are there: the original, and once they are ready its variants.',
  })
  variants(@Root() image: Image, @Context() ctx: RequestCtx): ImageFile[] {
    const { width, height, size, mimeType } = image;
    const original = { variant: ImageVariant.ORIGINAL, width, height, size, mimeType };
    const made = image.files.map((file) => ({ ...file, mimeType: variantType }));
    return [original, ...made].map((file) => ({ ...file, url: urlOf(ctx, image, file.variant) }));
  }
}

/** `Image.url` as a plain function: lists of users show a picture each. */
export function imageUrl(
  image: Image,
  { variant }: { readonly variant: ImageVariant | null },
  ctx: RequestCtx,
): string {
  return urlOf(ctx, image, variant ?? ImageVariant.ORIGINAL);
}

function urlOf(ctx: RequestCtx, image: Image, variant: ImageVariant): string {
  return `${ctx.publicUrl}${servedPath(image.id, variant)}`;
}

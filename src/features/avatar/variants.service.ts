import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Ctx } from '../../context.ts';
import type { ImageId } from '../../identifiers.ts';
import type { Attempt } from '../job/job.service.ts';
import { Image, ImageStatus, type StoredVariant } from './image.entity.ts';
import { removeImageFiles } from './image-files.service.ts';
import { ImageVariant, squares, storedName, variantType } from './image.rules.ts';

/**
 * Makes the variants of a picture and stores them. Throws, to be tried again, when that fails;
 * when the last try does, the picture is `FAILED`. Does nothing for one that is gone or ready.
 */
export async function makeVariants(ctx: Ctx, id: ImageId, { isLast }: Attempt): Promise<void> {
  const image = await ctx.db.findOneBy(Image, { id });
  if (image === null || image.status === ImageStatus.READY) return;
  try {
    const files = await storeVariants(ctx, id);
    const { affected } = await ctx.db.update(Image, { id }, { files, status: ImageStatus.READY });
    if (affected === 0) await removeImageFiles(ctx, id); // replaced meanwhile
  } catch (error) {
    if (isLast) {
      await ctx.db.update(Image, { id }, { status: ImageStatus.FAILED });
      ctx.log.error({ err: error, imageId: id }, 'the variants of a picture could not be made');
    }
    throw error;
  }
}

function storeVariants(ctx: Ctx, id: ImageId): Promise<StoredVariant[]> {
  const { files, inTemporaryFolder, pictures } = ctx.ports;
  return inTemporaryFolder(async (folder) => {
    const original = join(folder, 'original');
    const stored = await files.read(storedName(id, ImageVariant.ORIGINAL));
    if (stored === undefined) throw new Error(`The storage has lost the picture ${id}.`);
    await pipeline(stored, createWriteStream(original));
    const wanted = squares.map(({ variant, side }) => ({
      variant,
      side,
      target: join(folder, variant),
    }));
    const made = await pictures.cutSquares(original, wanted);
    await Promise.all(
      wanted.map(({ variant, target }) => files.put(storedName(id, variant), target, variantType)),
    );
    return wanted.flatMap(({ variant }, index) => {
      const { width = 0, height = 0, size = 0 } = made[index] ?? {};
      return [{ variant, width, height, size }];
    });
  });
}

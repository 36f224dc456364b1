import type { Readable } from 'node:stream';
import type { ByteRange, Ctx, Tx } from '../../context.ts';
import { Denial, Refusal } from '../../errors.ts';
import { parseId, type ImageId } from '../../identifiers.ts';
import { enqueue } from '../job/job.service.ts';
import { Image } from './image.entity.ts';
import { ImageVariant, storedName, variants, variantType } from './image.rules.ts';

/** What a path of a picture's file leads to. */
export interface ServedFile {
  readonly name: string;
  readonly variant: ImageVariant;
  readonly mimeType: string;
  readonly size: number;
  /** Whether it stays what the path leads to: it is not the original in place of a variant. */
  readonly isFinal: boolean;
}

/** The file of a picture; the original where the variant is not ready. Undefined for none. */
export async function findImageFile(
  ctx: Pick<Ctx, 'db'>,
  idText: string,
  variantText: string,
): Promise<ServedFile | undefined> {
  const id = parseId<ImageId>(idText);
  const wanted = variants.find((variant) => variant.toLowerCase() === variantText);
  if (id === undefined || wanted === undefined) return undefined;
  const image = await ctx.db.findOneBy(Image, { id });
  if (image === null) return undefined;
  const stored = image.files.find(({ variant }) => variant === wanted);
  if (stored !== undefined) {
    const { size } = stored;
    const name = storedName(id, wanted);
    return { name, variant: wanted, mimeType: variantType, size, isFinal: true };
  }
  const variant = ImageVariant.ORIGINAL;
  const { mimeType, size } = image;
  const isFinal = wanted === variant;
  return { name: storedName(id, variant), variant, mimeType, size, isFinal };
}

/**
 * The bytes of a file; undefined when the storage has lost it. Denied with `SERVER_BUSY` when the
 * storage cannot be reached.
 */
export function readImageFile(
  ctx: Pick<Ctx, 'ports'>,
  file: ServedFile,
  range?: ByteRange,
): Promise<Readable | undefined> {
  return orBusy(ctx.ports.files.read(file.name, range));
}

/** A disk that is full or a storage that is down passes: to the caller, the server is busy. */
export async function orBusy<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Denial || error instanceof Refusal) throw error;
    const message = 'Pictures cannot be stored or read at the moment; try again later.';
    throw new Denial('SERVER_BUSY', message, {}, error);
  }
}

/**
 * Notes that files of a picture are about to be stored, before any is, and for good: if nobody
 * `claims` it within an hour, they are swept.
 */
export async function noteLoose(ctx: Pick<Ctx, 'db'>, id: ImageId): Promise<void> {
  await ctx.db.query('INSERT INTO loose_images (id, since) VALUES ($1, now())', [id]);
}

/** Makes a stored picture somebody's, as part of the transaction. Throws when it was swept. */
export async function claim(tx: Tx, id: ImageId): Promise<void> {
  const [, count]: [unknown, number] = await tx.db.query('DELETE FROM loose_images WHERE id = $1', [
    id,
  ]);
  if (count !== 1) throw new Error(`The files of the picture ${id} were swept before it was done.`);
}

/** Leaves the files of a picture whose row goes with this transaction to a job. */
export async function removeFilesLater(tx: Tx, imageId: ImageId): Promise<void> {
  await enqueue(tx, 'remove-image-files', { imageId });
}

/**
 * Removes the files of a picture that is nobody's. It stays noted as loose, and its files are
 * removed once more within two hours: a job that makes its variants may be at work just now.
 */
export async function removeImageFiles(ctx: Pick<Ctx, 'ports'>, imageId: ImageId): Promise<void> {
  await ctx.ports.files.remove(namesOf(imageId));
}

const sweepBatch = 20;

/**
 * Removes the files of pictures that have been nobody's for an hour, a batch at a time. Answers
 * how many pictures. One that is claimed at this moment is waited for, or claimed in vain.
 */
export async function sweepLooseImages(ctx: Pick<Ctx, 'db' | 'ports'>): Promise<number> {
  return ctx.db.transaction(async (db) => {
    const loose: { id: ImageId }[] = await db.query(
      `SELECT id FROM loose_images WHERE since < now() - interval '1 hour'
       ORDER BY since LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [sweepBatch],
    );
    if (loose.length === 0) return 0;
    const ids = loose.map(({ id }) => id);
    await ctx.ports.files.remove(ids.flatMap(namesOf));
    await db.query('DELETE FROM loose_images WHERE id = ANY($1)', [ids]);
    return ids.length;
  });
}

function namesOf(id: ImageId): string[] {
  return variants.map((variant) => storedName(id, variant));
}

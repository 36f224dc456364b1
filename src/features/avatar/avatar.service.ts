import { requireUser } from '../../actor.ts';
import { transaction, type Ctx, type Tx } from '../../context.ts';
import { Denial, Refusal } from '../../errors.ts';
import { newId, parseId, type ImageId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { enqueue } from '../job/job.service.ts';
import { refuseMissingUser, requireAuthorityOver } from '../role/authority.service.ts';
import {
  claim,
  noteLoose,
  orBusy,
  removeFilesLater,
  removeImageFiles,
} from './image-files.service.ts';
import { Image, ImageStatus } from './image.entity.ts';
import { ImageVariant, storedName } from './image.rules.ts';
import { takeUpload, type IncomingFile, type RedrawnUpload } from './upload.service.ts';

type Authorize = (tx: Tx) => Promise<void>;

const oneself: Authorize = async () => undefined;

/** Gives the caller a picture; see `replaceAvatar`. */
export async function updateOwnAvatar(ctx: Ctx, file: IncomingFile): Promise<Image> {
  return replaceAvatar(ctx, requireUser(ctx.actor).userId, file, oneself);
}

/**
 * Gives a user a picture; see `replaceAvatar`. Refuses with `NOT_FOUND` and
 * `INSUFFICIENT_PERMISSIONS`, before anything of the file is read and again with the change.
 */
export async function updateUserAvatar(
  ctx: Ctx,
  userId: string,
  file: IncomingFile,
): Promise<Image> {
  const targetId = parseId<UserId>(userId) ?? refuseMissingUser();
  const authorize: Authorize = (tx) => requireAuthorityOver(tx, targetId);
  await transaction(ctx, authorize);
  return replaceAvatar(ctx, targetId, file, authorize);
}

/** Takes the caller's picture away, if there is one. */
export async function removeOwnAvatar(ctx: Ctx): Promise<UserId> {
  const { userId } = requireUser(ctx.actor);
  await transaction(ctx, (ctx) => takeAvatarAway(ctx, userId));
  return userId;
}

/**
 * Takes a user's picture away, if there is one. Refuses with `NOT_FOUND` and
 * `INSUFFICIENT_PERMISSIONS`.
 */
export async function removeUserAvatar(ctx: Ctx, userId: string): Promise<UserId> {
  const targetId = parseId<UserId>(userId) ?? refuseMissingUser();
  await transaction(ctx, async (ctx) => {
    await requireAuthorityOver(ctx, targetId);
    await takeAvatarAway(ctx, targetId);
  });
  return targetId;
}

/**
 * Puts an uploaded picture in the place of the one a user has. It is stored before any row names
 * it, and what it replaces is removed from the storage after the commit, so that no row ever points
 * at nothing. The same picture once more changes nothing. Refuses with `FILE_TOO_LARGE` and
 * `UNSUPPORTED_FILE`; denied with `SERVER_BUSY` when it cannot be stored.
 */
async function replaceAvatar(
  ctx: Ctx,
  userId: UserId,
  file: IncomingFile,
  authorize: Authorize,
): Promise<Image> {
  return ctx.ports.inTemporaryFolder(async (folder) => {
    const upload = await orBusy(takeUpload(ctx, file, folder));
    const same = await ctx.db.findOneBy(Image, { userId, sha256: upload.sha256 });
    if (same !== null) return same;
    const id = newId<ImageId>();
    await noteLoose(ctx, id);
    try {
      await orBusy(storeOriginal(ctx, id, upload));
      const image = await transaction(ctx, async (ctx) => {
        await lockUser(ctx, userId);
        await authorize(ctx);
        return swapAvatar(ctx, userId, id, upload);
      });
      if (image.id !== id) await forget(ctx, id);
      return image;
    } catch (error) {
      // After any other fault nobody knows whether it was committed: that is left to the sweep.
      if (error instanceof Refusal || error instanceof Denial) await forget(ctx, id);
      throw error;
    }
  });
}

function storeOriginal(ctx: Ctx, id: ImageId, { file, mimeType }: RedrawnUpload): Promise<void> {
  return ctx.ports.files.put(storedName(id, ImageVariant.ORIGINAL), file, mimeType);
}

/** What was stored for nothing goes at once; where that fails, with the sweep. */
async function forget(ctx: Ctx, id: ImageId): Promise<void> {
  await removeImageFiles(ctx, id).catch((error: unknown) => {
    ctx.log.warn({ err: error, imageId: id }, 'a picture that is nobody’s waits for the sweep');
  });
}

/** Changes of one user's picture take turns: each replaces what the one before it left. */
async function lockUser(tx: Tx, userId: UserId): Promise<void> {
  const [user]: unknown[] = await tx.db.query(
    'SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE',
    [userId],
  );
  if (user === undefined) refuseMissingUser();
}

async function swapAvatar(
  tx: Tx,
  userId: UserId,
  id: ImageId,
  { sha256, mimeType, width, height, size }: RedrawnUpload,
): Promise<Image> {
  const before = await tx.db.findOneBy(Image, { userId });
  if (before?.sha256 === sha256) return before;
  if (before !== null) await dropImage(tx, before.id);
  await claim(tx, id);
  const image = tx.db.create(Image, {
    ...{ id, userId, sha256, mimeType, width, height, size },
    status: ImageStatus.PROCESSING,
    files: [],
    createdAt: new Date(),
  });
  await tx.db.insert(Image, image);
  await enqueue(tx, 'make-variants', { imageId: id });
  await noteChange(tx, userId, { from: before?.id ?? null, to: id });
  return image;
}

async function takeAvatarAway(tx: Tx, userId: UserId): Promise<void> {
  await lockUser(tx, userId);
  const image = await tx.db.findOneBy(Image, { userId });
  if (image === null) return;
  await dropImage(tx, image.id);
  await noteChange(tx, userId, { from: image.id, to: null });
}

async function dropImage(tx: Tx, id: ImageId): Promise<void> {
  await tx.db.delete(Image, { id });
  await removeFilesLater(tx, id);
}

interface AvatarChange {
  readonly from: ImageId | null;
  readonly to: ImageId | null;
}

async function noteChange(tx: Tx, userId: UserId, change: AvatarChange): Promise<void> {
  await tx.db.query('UPDATE users SET updated_at = now() WHERE id = $1', [userId]);
  const action = change.to === null ? 'avatar.removed' : 'avatar.updated';
  await record(tx, { action, subjectId: userId, metadata: { ...change } });
}

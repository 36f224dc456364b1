import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Ctx, Picture } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import { maxPixels, maxUploadBytes } from './image.rules.ts';

/** A file that is still on its way; nothing of it is taken in before it is read. */
export interface IncomingFile {
  read(): Promise<Readable>;
}

/** An uploaded picture, drawn anew into a local file. */
export interface RedrawnUpload extends Picture {
  readonly file: string;
  /** Of the bytes of `file`, in hex. */
  readonly sha256: string;
}

/**
 * Takes an upload into `folder`, and draws anew the picture it must be. Refuses with
 * `FILE_TOO_LARGE` (bytes or pixels) and `UNSUPPORTED_FILE` (no picture of a kind that is
 * accepted, or a damaged one); denied with `BAD_USER_INPUT` when the upload breaks off.
 */
export async function takeUpload(
  ctx: Ctx,
  upload: IncomingFile,
  folder: string,
): Promise<RedrawnUpload> {
  const received = join(folder, 'received');
  const file = join(folder, 'redrawn');
  await receive(upload, received);
  const redrawing = await ctx.ports.pictures.redraw(received, file, maxPixels);
  if (!redrawing.accepted) {
    const isTooLarge = redrawing.reason === 'too large';
    const code = isTooLarge ? ErrorCode.FILE_TOO_LARGE : ErrorCode.UNSUPPORTED_FILE;
    return refuse(code, 'file', redrawing.message);
  }
  return { ...redrawing.picture, file, sha256: await sha256Of(file) };
}

async function receive(upload: IncomingFile, file: string): Promise<void> {
  let size = 0;
  const count = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > maxUploadBytes) {
        refuse(ErrorCode.FILE_TOO_LARGE, 'file', 'must have at most 10 MiB');
      }
      yield chunk;
    }
  };
  await pipeline(await upload.read(), count, createWriteStream(file, { flags: 'wx' }));
  if (size === 0) refuse(ErrorCode.UNSUPPORTED_FILE, 'file', 'must not be empty');
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

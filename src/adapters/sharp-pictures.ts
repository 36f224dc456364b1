import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type sharp from 'sharp';
import type { OutputInfo } from 'sharp';
import type { Picture, Pictures, Redrawing } from '../context.ts';
import { Denial } from '../errors.ts';
import { isDisguise, kindOf, type PictureKind } from './picture-kinds.ts';
import { createTurns } from './turns.ts';

type Sharp = typeof sharp;

// At half a second each nobody waits longer than half a minute.
const maxWaitingPerThread = 60;
const maxSeconds = 30;

/**
 * What a picture of each kind is written as. GIF has one frame left, for which PNG is the smaller,
 * and AVIF would take many times as long to write.
 */
const written = {
  jpeg: { mimeType: 'image/jpeg', format: 'jpeg', options: { quality: 90 } },
  png: { mimeType: 'image/png', format: 'png', options: { compressionLevel: 6 } },
  webp: { mimeType: 'image/webp', format: 'webp', options: { quality: 90 } },
  gif: { mimeType: 'image/png', format: 'png', options: { compressionLevel: 6 } },
  avif: { mimeType: 'image/webp', format: 'webp', options: { quality: 90 } },
} as const satisfies Record<PictureKind, unknown>;

/**
 * libvips, by sharp, which is loaded with the first picture: it is 20 MB. One core is left to
 * everybody else's requests, and the others are shared by so many processes.
 */
export function createSharpPictures(processes: number): Pictures {
  const atOnce = Math.max(1, Math.floor((availableParallelism() - 1) / processes));
  let loaded: Promise<Sharp> | undefined;
  const load = () => (loaded ??= loadSharp());
  const turns = createTurns(atOnce);
  return {
    redraw: (source, target, maxPixels) =>
      turns.take(
        async () => redraw(await load(), source, target, maxPixels),
        maxWaitingPerThread * atOnce,
      ),
    cutSquares: (source, squares) =>
      turns.take(async () => cutSquares(await load(), source, squares)),
  };
}

async function loadSharp(): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false); // no picture is opened twice
  sharp.concurrency(1); // how many threads are at work is decided by turns
  // Whatever a file pretends to be, nothing runs but what reads our kinds.
  sharp.block({ operation: ['VipsForeignLoad'] });
  const readers = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'];
  sharp.unblock({ operation: readers.map((name) => `VipsForeignLoad${name}`) });
  return sharp;
}

async function redraw(
  sharp: Sharp,
  source: string,
  target: string,
  maxPixels: number,
): Promise<Redrawing> {
  const kind = await kindOf(source);
  if (kind === undefined) return unsupported('must be a JPEG, PNG, WebP, GIF or AVIF picture');
  if (await isDisguise(source, (await stat(source)).size)) {
    return unsupported('must be a picture and nothing else');
  }
  const { mimeType, format, options } = written[kind];
  try {
    // From the head alone: a bomb is small until it is decoded.
    const head = await sharp(source, { limitInputPixels: false }).metadata();
    if (head.width * head.height > maxPixels) return tooLarge(maxPixels);
    const drawn = await sharp(source, { failOn: 'error', limitInputPixels: maxPixels })
      .timeout({ seconds: maxSeconds })
      .autoOrient()
      .toColourspace('srgb')
      .toFormat(format, options)
      .toFile(target);
    return { accepted: true, picture: pictureOf(drawn, mimeType) };
  } catch (error) {
    throwUnlessOfTheFile(error);
    return unsupported('is damaged, or not whole');
  }
}

function pictureOf({ width, height, size }: OutputInfo, mimeType: string): Picture {
  return { mimeType, width, height, size };
}

function unsupported(message: string): Redrawing {
  return { accepted: false, reason: 'unsupported', message };
}

function tooLarge(maxPixels: number): Redrawing {
  const message = `must have at most ${Math.floor(maxPixels / 1e6)} million pixels`;
  return { accepted: false, reason: 'too large', message };
}

/** libvips has words only. What the system or the time is to blame for is no fault of the file. */
function throwUnlessOfTheFile(error: unknown): void {
  const words = error instanceof Error ? error.message : '';
  if (words.startsWith('timeout')) {
    throw new Denial('SERVER_BUSY', 'The picture took too long; try again later.', {}, error);
  }
  if (words === '' || /system error|write error/.test(words)) throw error;
}

async function cutSquares(
  sharp: Sharp,
  source: string,
  squares: readonly { readonly side: number; readonly target: string }[],
): Promise<Picture[]> {
  const { width, height } = await sharp(source).metadata();
  const sideOf = (side: number) => Math.min(side, width, height);
  const largest = sideOf(Math.max(...squares.map(({ side }) => side)));
  // One cut, from which the smaller ones are made too: all show the same, and the picture itself
  // is decoded once.
  const cut = await sharp(source, { failOn: 'error' })
    .timeout({ seconds: maxSeconds })
    .resize(largest, largest, { fit: 'cover', position: sharp.strategy.attention })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: largest, height: largest, channels: cut.info.channels };
  const pictures: Picture[] = [];
  for (const { side, target } of squares) {
    const drawn = await sharp(cut.data, { raw })
      .resize(sideOf(side), sideOf(side))
      .webp({ quality: 80 })
      .toFile(target);
    pictures.push(pictureOf(drawn, 'image/webp'));
  }
  return pictures;
}

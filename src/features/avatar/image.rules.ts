import type { ImageId } from '../../identifiers.ts';

export enum ImageVariant {
  ORIGINAL = 'ORIGINAL',
  LARGE = 'LARGE',
  MEDIUM = 'MEDIUM',
  SMALL = 'SMALL',
  THUMBNAIL = 'THUMBNAIL',
}

export const variants = Object.values(ImageVariant);

/** The variants that are made, with their sides in pixels, the largest first. */
export const squares = [
  { variant: ImageVariant.LARGE, side: 800 },
  { variant: ImageVariant.MEDIUM, side: 400 },
  { variant: ImageVariant.SMALL, side: 200 },
  { variant: ImageVariant.THUMBNAIL, side: 100 },
] as const;

export const variantType = 'image/webp';

/** 10 MiB: what a phone's camera makes, and no more. */
export const maxUploadBytes = 10 * 1024 * 1024;
/** 50 megapixels. They are counted before they are decoded: a bomb is small until then. */
export const maxPixels = 50_000_000;

/** What a file of a picture is called in the storage. */
export function storedName(id: ImageId, variant: ImageVariant): string {
  return `${id}/${variant.toLowerCase()}`;
}

/** The path that serves a file of a picture. */
export function servedPath(id: ImageId, variant: ImageVariant): string {
  return `/files/${id}/${variant.toLowerCase()}`;
}

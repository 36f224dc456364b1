import { open } from 'node:fs/promises';

export type PictureKind = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif';

/** What a file is by how it begins; undefined for all that is none of our kinds. */
export async function kindOf(file: string): Promise<PictureKind | undefined> {
  const head = (await bytesOf(file, 0, 64)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (/^GIF8[79]a/.test(head)) return 'gif';
  if (/^RIFF[^]{4}WEBP/.test(head)) return 'webp';
  // ISO/IEC 23000-22, 6.2: the brands follow `ftyp`, in steps of four.
  return /^[^]{4}ftyp(?:[^]{4})*?avi[fs]/.test(head) ? 'avif' : undefined;
}

// PKWARE APPNOTE 4.3.16: what ends an archive has 22 bytes and a comment of up to 64 KiB.
const endOfArchive = Buffer.from('PK\x05\x06', 'latin1');
const endSize = 22;
const maxComment = 0xffff;

/**
 * Whether a picture can also be opened as a ZIP archive, which is read from its end, or as a PDF,
 * which may begin anywhere in the first kilobyte. None of it would be in the picture drawn anew;
 * but who sends such a file means no picture.
 */
export async function isDisguise(file: string, size: number): Promise<boolean> {
  const head = await bytesOf(file, 0, 1024);
  if (head.includes('%PDF-')) return true;
  const start = Math.max(0, size - endSize - maxComment);
  const tail = await bytesOf(file, start, size - start);
  for (let at = tail.indexOf(endOfArchive); at !== -1; at = tail.indexOf(endOfArchive, at + 1)) {
    const end = at + endSize;
    if (end <= tail.length && tail.readUInt16LE(end - 2) <= tail.length - end) return true;
  }
  return false;
}

async function bytesOf(path: string, position: number, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

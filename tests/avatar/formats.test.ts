import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { download, readyAvatar, upload } from './avatars.ts';
import { asFile, photo, quartersOf } from './pictures.ts';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
  person = await registerPerson(server);
});
afterAll(() => server.stop());

const upright = ['red', 'green', 'blue', 'yellow'];

/** Uploads a picture, and answers it with the original that is served then. */
async function stored(picture: Sharp | Buffer, name?: string, type?: string) {
  const bytes = Buffer.isBuffer(picture) ? picture : await picture.toBuffer();
  const image = await upload(person.client, asFile(bytes, name, type));
  return { image, original: await download(image.url) };
}

describe('a picture in any of the kinds', () => {
  const kinds: [string, (picture: Sharp) => Sharp, string, string][] = [
    ['JPEG', (picture) => picture.jpeg(), 'image/jpeg', 'jpeg'],
    ['progressive JPEG', (picture) => picture.jpeg({ progressive: true }), 'image/jpeg', 'jpeg'],
    ['PNG', (picture) => picture.png(), 'image/png', 'png'],
    ['interlaced PNG', (picture) => picture.png({ progressive: true }), 'image/png', 'png'],
    ['WebP', (picture) => picture.webp(), 'image/webp', 'webp'],
    ['lossless WebP', (picture) => picture.webp({ lossless: true }), 'image/webp', 'webp'],
    ['GIF', (picture) => picture.gif(), 'image/png', 'png'],
    ['AVIF', (picture) => picture.avif({ effort: 0 }), 'image/webp', 'webp'],
  ];
  test.each(kinds)('%s is accepted, by its content', async (_, convert, mimeType, format) => {
    const { image, original } = await stored(convert(photo(640, 480)), 'notes.txt', 'text/plain');
    expect(image).toMatchObject({ mimeType, width: 640, height: 480, size: original.length });
    expect(await sharp(original).metadata()).toMatchObject({ format, width: 640, height: 480 });
    expect(await quartersOf(original)).toEqual(upright);
    const { large } = await readyAvatar(person.client);
    expect(await quartersOf(await download(large))).toEqual(upright);
  });
});

describe('a picture that lies on its side', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('stands upright: orientation %i', async (orientation) => {
    const upright = await photo(600, 400).png().toBuffer();
    // What a camera stores that is held so: the inverse of what the orientation asks for.
    const undo: Record<number, (picture: Sharp) => Sharp> = {
      1: (picture) => picture,
      2: (picture) => picture.flop(),
      3: (picture) => picture.rotate(180),
      4: (picture) => picture.flip(),
      5: (picture) => picture.rotate(270).flop(),
      6: (picture) => picture.rotate(270),
      7: (picture) => picture.rotate(90).flop(),
      8: (picture) => picture.rotate(90),
    };
    const turned = await (undo[orientation] ?? undo[1])?.(sharp(upright)).toBuffer();
    const { image, original } = await stored(
      sharp(turned).withMetadata({ orientation }).jpeg({ quality: 95 }),
    );
    expect([image.width, image.height]).toEqual([600, 400]);
    expect((await sharp(original).metadata()).orientation).toBeUndefined();
    expect(await quartersOf(original)).toEqual(['red', 'green', 'blue', 'yellow']);
  });
});

test('nothing of the metadata is left, neither where nor by what it was made', async () => {
  const tagged = photo(300, 200)
    .withExif({
      IFD0: { Make: 'SecretCamera', Copyright: 'Ada' },
      IFD3: { GPSLatitude: '51/1 0/1 0/1' },
    })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret/></x:xmpmeta>')
    .keepIccProfile();
  for (const picture of [tagged.clone().jpeg(), tagged.clone().webp(), tagged.clone().png()]) {
    const bytes = await picture.toBuffer();
    expect(bytes.includes('SecretCamera')).toBe(true);
    await stored(bytes);
    const { variants } = await readyAvatar(person.client);
    for (const { url } of variants) {
      const served = await download(url);
      const { exif, xmp, iptc, icc } = await sharp(served).metadata();
      expect([exif, xmp, iptc, icc]).toEqual([undefined, undefined, undefined, undefined]);
      expect(served.includes('SecretCamera')).toBe(false);
    }
  }
});

test('another colour profile becomes sRGB: what was red stays red', async () => {
  const wide = await photo(300, 200).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer();
  const { original } = await stored(wide);
  const { icc, space } = await sharp(original).metadata();
  expect([icc, space]).toEqual([undefined, 'srgb']);
  const mean = async (bytes: Buffer) =>
    (await sharp(bytes).stats()).channels.map((channel) => channel.mean);
  const before = await mean(await sharp(wide).toColourspace('srgb').png().toBuffer());
  const after = await mean(original);
  for (const [index, value] of before.entries()) expect(after[index]).toBeCloseTo(value, -1);
});

test('CMYK, grey, 16 bits and transparency are taken', async () => {
  const cmyk = await stored(photo(300, 200).toColourspace('cmyk').jpeg());
  expect((await sharp(cmyk.original).metadata()).space).toBe('srgb');
  expect(await quartersOf(cmyk.original)).toEqual(upright);
  const deep = await stored(photo(300, 200).toColourspace('rgb16').png());
  expect((await sharp(deep.original).metadata()).depth).toBe('uchar');
  await stored(photo(300, 200).greyscale().jpeg());
  await stored(photo(300, 200).ensureAlpha(0.5).png());
  const { large } = await readyAvatar(person.client);
  expect((await sharp(await download(large)).metadata()).hasAlpha).toBe(true);
});

test('of what moves the first frame stays', async () => {
  const frames = await Promise.all(
    ['#e62828', '#2828e6'].map((background) =>
      sharp({ create: { width: 60, height: 40, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  for (const format of ['gif', 'webp'] as const) {
    const moving = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer();
    expect((await sharp(moving).metadata()).pages).toBe(2);
    const { image, original } = await stored(moving);
    expect([image.width, image.height]).toEqual([60, 40]);
    expect((await sharp(original).metadata()).pages ?? 1).toBe(1);
    expect(new Set(await quartersOf(original))).toEqual(new Set(['red']));
  }
});

test('the squares are cut around what catches the eye', async () => {
  const width = 1600;
  const height = 400;
  const dull = sharp({ create: { width, height, channels: 3, background: '#777777' } });
  const subject = await photo(300, 300).png().toBuffer();
  await stored(dull.composite([{ input: subject, left: 1250, top: 50 }]).jpeg());
  const { large } = await readyAvatar(person.client);
  const { channels } = await sharp(await download(large)).stats();
  // A square from the middle would be grey and nothing else.
  expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(40);
});

import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { avatarOf, download, readyAvatar, upload } from './avatars.ts';
import { jpeg, quartersOf } from './pictures.ts';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  person = await registerPerson(server);
});

test('a user has no picture before one is uploaded', async () => {
  expect(await avatarOf(person.client)).toBeNull();
});

test('an uploaded picture is answered, is the avatar, and is served', async () => {
  const image = await upload(person.client, await jpeg());
  expect(image).toMatchObject({ mimeType: 'image/jpeg', width: 1200, height: 900 });
  expect((await avatarOf(person.client))?.id).toBe(image.id);
  const original = await download(image.url);
  expect(original.length).toBe(image.size);
  expect(createHash('sha256').update(original).digest('hex')).toBe(image.sha256);
  expect(await quartersOf(original)).toEqual(['red', 'green', 'blue', 'yellow']);
});

test('a job makes the four variants: square, WebP, and never larger than the picture', async () => {
  await upload(person.client, await jpeg(1200, 900));
  const { variants } = await readyAvatar(person.client);
  const sides = { LARGE: 800, MEDIUM: 400, SMALL: 200, THUMBNAIL: 100 };
  expect(variants.map(({ variant }) => variant)).toEqual(['ORIGINAL', ...Object.keys(sides)]);
  for (const { variant, url, width, height, size, mimeType } of variants.slice(1)) {
    const side = sides[variant as keyof typeof sides];
    expect([variant, width, height, mimeType]).toEqual([variant, side, side, 'image/webp']);
    const bytes = await download(url);
    expect(bytes.length).toBe(size);
    expect(await sharp(bytes).metadata()).toMatchObject({
      format: 'webp',
      width: side,
      height: side,
    });
  }
  await upload(person.client, await jpeg(150, 300));
  const small = await readyAvatar(person.client);
  expect(small.variants.map(({ width, height }) => [width, height])).toEqual([
    [150, 300],
    [150, 150],
    [150, 150],
    [150, 150],
    [100, 100],
  ]);
});

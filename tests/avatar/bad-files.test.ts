import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  avatarOf,
  download,
  ending,
  filesBelow,
  settled,
  updateAvatar,
  upload,
} from './avatars.ts';
import { asFile, jpeg, photo } from './pictures.ts';

const mebibyte = 1024 * 1024;

let server: TestServer;
let person: Person;
let dataDir: string;
let before: { id: string; files: string[] };
beforeAll(async () => {
  dataDir = await mkdtemp(join(inject('temporaryFolder'), 'bad-files-'));
  server = await startTestServer({ DATA_DIR: dataDir });
  person = await registerPerson(server);
  const { id } = await upload(person.client, await jpeg());
  await settled(server.database);
  before = { id, files: await filesBelow(dataDir) };
});
afterAll(() => server.stop());

afterEach(async () => {
  const kept = await avatarOf(person.client);
  expect(kept?.id).toBe(before.id);
  expect((await download(kept?.url ?? '')).length).toBe(kept?.size);
  expect(await filesBelow(dataDir)).toEqual(before.files);
  expect(await server.database.query('SELECT FROM loose_images')).toEqual([]);
});

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(data.length, 0);
  numbers.writeUInt32BE(crc32(content), 4);
  return Buffer.concat([numbers.subarray(0, 4), content, numbers.subarray(4)]);
}

/** A PNG that says it has so many pixels, all of them black: a thousandth of that when packed. */
function blackPng(width: number, height: number, ...more: Buffer[]): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8); // eight bits of each of red, green and blue
  const rows = deflateSync(Buffer.alloc(Math.min(height * (1 + width * 3), 200 * mebibyte)));
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const parts = [chunk('IHDR', head), ...more, chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';

/** An empty ZIP archive, with a comment. */
function zip(comment = ''): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([end, Buffer.from(comment)]);
}

const small = () => photo(200, 100);

const unsupported: [string, () => Buffer | Promise<Buffer>][] = [
  ['nothing', () => Buffer.alloc(0)],
  ['one byte', () => Buffer.from('x')],
  ['HTML', () => Buffer.from('<!doctype html><script>alert(1)</script>')],
  ['SVG with a script', () => Buffer.from(svg)],
  ['SVG behind the signature of a PNG', () => Buffer.from(`\x89PNG\r\n\x1a\n${svg}`, 'latin1')],
  ['a PDF', () => Buffer.from('%PDF-1.7\n')],
  ['a ZIP archive', () => zip()],
  ['a TIFF', () => small().tiff().toBuffer()],
  [
    'the head of a JPEG and noise',
    () => Buffer.from(`\xff\xd8\xff${'noise'.repeat(99)}`, 'latin1'),
  ],
  ['half a JPEG', () => half(photo(800, 600).jpeg().toBuffer())],
  ['half a PNG', () => half(photo(800, 600).png().toBuffer())],
  ['half a WebP', () => half(photo(800, 600).webp().toBuffer())],
  ['half a GIF', () => half(photo(800, 600).gif().toBuffer())],
  ['half an AVIF', () => half(photo(800, 600).avif({ effort: 0 }).toBuffer())],
  ['a JPEG that is a ZIP archive too', () => joined(small().jpeg().toBuffer(), zip())],
  ['a GIF that is a ZIP archive too', () => joined(small().gif().toBuffer(), zip('a comment'))],
  ['a PNG that is a PDF too', () => blackPng(9, 9, chunk('tEXt', Buffer.from('a\0%PDF-1.7')))],
];

async function half(whole: Promise<Buffer>): Promise<Buffer> {
  const bytes = await whole;
  return bytes.subarray(0, bytes.length / 2);
}

async function joined(first: Promise<Buffer>, second: Buffer): Promise<Buffer> {
  return Buffer.concat([await first, second]);
}

test.each(unsupported)('%s is UNSUPPORTED_FILE', async (_, make) => {
  const { data, errors } = await updateAvatar(
    person.client,
    asFile(await make(), 'me.png', 'image/png'),
  );
  expect(errors).toEqual([]);
  expect(data.outcome?.image).toBeNull();
  expect(data.outcome?.errors).toMatchObject([{ code: 'UNSUPPORTED_FILE', field: 'file' }]);
});

const tooLarge: [string, () => Buffer | Promise<Buffer>][] = [
  ['11 MiB', () => Buffer.alloc(11 * mebibyte, '\xff\xd8\xff', 'latin1')],
  ['one byte more than 10 MiB', () => Buffer.alloc(10 * mebibyte + 1)],
  ['100 megapixels', () => blackPng(10_000, 10_000)],
  ['50 megapixels and one row', () => blackPng(10_000, 5_001)],
];

test.each(tooLarge)('%s is FILE_TOO_LARGE', async (_, make) => {
  const { data, errors } = await updateAvatar(person.client, asFile(await make()));
  expect(errors).toEqual([]);
  expect(data.outcome?.errors).toMatchObject([{ code: 'FILE_TOO_LARGE', field: 'file' }]);
});

test('a bomb takes no memory to speak of, and nobody has to wait for it', async () => {
  const bombs = [blackPng(60_000, 60_000), blackPng(10_000, 10_000)].map((bomb) => asFile(bomb));
  const watch = watchMemory();
  const startedAt = performance.now();
  const answers = await Promise.all(bombs.map((bomb) => updateAvatar(person.client, bomb)));
  expect(answers.map(ending)).toEqual(['FILE_TOO_LARGE', 'FILE_TOO_LARGE']);
  expect(watch.risen()).toBeLessThan(60e6);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test('a comment that unpacks to 200 MiB is left packed', async () => {
  const other = await registerPerson(server);
  const text = deflateSync(Buffer.alloc(200 * mebibyte));
  const bomb = blackPng(9, 9, chunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), text])));
  const watch = watchMemory();
  const { id } = await upload(other.client, asFile(bomb));
  expect(watch.risen()).toBeLessThan(60e6);
  await settled(server.database);
  await other.client.graphql('mutation { removeAvatar { errors { code } } }');
  await settled(server.database);
  await server.database.query('DELETE FROM loose_images WHERE id = $1', [id]);
});

/** By how much the memory of this process, which is the server's too, has risen at most. */
function watchMemory(): { risen(): number } {
  const memory = () => process.memoryUsage().rss;
  const idle = memory();
  let peak = idle;
  const timer = setInterval(() => (peak = Math.max(peak, memory())), 5);
  return {
    risen() {
      clearInterval(timer);
      return Math.max(peak, memory()) - idle;
    },
  };
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingId } from '../role/role-operations.ts';
import { Client } from '../support/client.ts';
import { freePort } from '../support/redis-server.ts';
import { registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { readyAvatar, upload, type TestImage } from './avatars.ts';
import { asFile, jpeg, photo } from './pictures.ts';

let server: TestServer;
let image: TestImage;
beforeAll(async () => {
  server = await startTestServer();
  const { client } = await registerPerson(server);
  await upload(client, await jpeg());
  image = await readyAvatar(client);
});
afterAll(() => server.stop());

const get = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(url, { headers, method });

test('a file may be kept for good, shown by any page, and can run nothing', async () => {
  for (const { url, variant, size, mimeType } of image.variants) {
    const { status, headers } = await get(url);
    expect([status, headers.get('content-type')]).toEqual([200, mimeType]);
    expect(headers.get('content-length')).toBe(String(size));
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('etag')).toMatch(/^"[\w-]+"$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'; sandbox",
    );
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const name = `avatar-${variant.toLowerCase()}.${variant === 'ORIGINAL' ? 'jpg' : 'webp'}`;
    expect(headers.get('content-disposition')).toBe(`inline; filename="${name}"`);
    expect(headers.getSetCookie()).toEqual([]);
  }
});

test('each file has a tag of its own, with which it is not sent twice', async () => {
  const tags = new Set<string | null>();
  for (const { url } of image.variants) {
    const etag = (await get(url)).headers.get('etag') ?? '';
    tags.add(etag);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await get(url, { 'if-none-match': known });
      expect([answer.status, await answer.text()]).toEqual([304, '']);
      expect(answer.headers.get('etag')).toBe(etag);
      expect(answer.headers.get('cache-control')).toContain('immutable');
    }
    expect((await get(url, { 'if-none-match': '"other"' })).status).toBe(200);
  }
  expect(tags.size).toBe(5);
});

test('HEAD tells what GET would, without the file', async () => {
  const [got, told] = [await get(image.url), await get(image.url, {}, 'HEAD')];
  expect([told.status, await told.text()]).toEqual([200, '']);
  for (const name of ['content-length', 'content-type', 'etag', 'cache-control', 'accept-ranges']) {
    expect([name, told.headers.get(name)]).toEqual([name, got.headers.get(name)]);
  }
});

describe('a part of a file', () => {
  const parts: [string, (size: number) => [number, number]][] = [
    ['bytes=0-99', () => [0, 99]],
    ['bytes=100-', (size) => [100, size - 1]],
    ['bytes=-100', (size) => [size - 100, size - 1]],
    ['bytes=0-0', () => [0, 0]],
    ['bytes=10-99999999', (size) => [10, size - 1]],
    ['bytes=-99999999', (size) => [0, size - 1]],
  ];
  test.each(parts)('%s is sent alone', async (range, bounds) => {
    const whole = Buffer.from(await (await get(image.url)).arrayBuffer());
    const [start, end] = bounds(whole.length);
    const answer = await get(image.url, { range });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end}/${whole.length}`);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(whole.subarray(start, end + 1));
  });

  test('that is not there is 416, and what cannot be read is the whole', async () => {
    for (const range of [`bytes=${image.size}-`, 'bytes=-0']) {
      const answer = await get(image.url, { range });
      expect([range, answer.status]).toEqual([range, 416]);
      expect(answer.headers.get('content-range')).toBe(`bytes */${image.size}`);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    for (const range of ['bytes=5-1', 'bytes=a-b', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'x']) {
      expect([range, (await get(image.url, { range })).status]).toEqual([range, 200]);
    }
  });

  test('of a file that has changed is the whole', async () => {
    const etag = (await get(image.url)).headers.get('etag') ?? '';
    const range = 'bytes=0-9';
    expect((await get(image.url, { range, 'if-range': etag })).status).toBe(206);
    expect((await get(image.url, { range, 'if-range': '"other"' })).status).toBe(200);
  });
});

test('what is not there says nothing but that', async () => {
  const paths = [
    `/files/${missingId}/original`,
    '/files/not-an-id/original',
    `/files/${image.id}/huge`,
    `/files/${image.id}/ORIGINAL`,
    `/files/${image.id}`,
    `/files/${image.id}/original/more`,
    `/files/${image.id}/..%2f..%2fapp-secret`,
    '/files/..%2f..%2fapp-secret/original',
    '/files/%00/original',
    '/files/',
  ];
  const bodies = new Set<string>();
  for (const path of paths) {
    const answer = await get(server.url + path);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    bodies.add(await answer.text());
  }
  expect(bodies.size).toBe(1);
});

test('until its variants are ready their addresses serve the original, not to be kept', async () => {
  // On a database of its own: the other server would make them.
  const waiting = await startTestServer({ RUN_JOBS: 'false' });
  const { client } = await registerPerson(waiting);
  const fresh = await upload(client, asFile(await photo(640, 480).png().toBuffer()));
  expect(fresh.variants.map(({ variant }) => variant)).toEqual(['ORIGINAL']);
  const answer = await get(fresh.large);
  expect(answer.headers.get('content-type')).toBe('image/png');
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  expect(answer.headers.get('etag')).toBe((await get(fresh.url)).headers.get('etag'));
  expect((await get(fresh.url)).headers.get('cache-control')).toContain('immutable');
  await waiting.stop();
});

test('a file the storage has lost is 404, and an error in the log', async () => {
  const { client } = await registerPerson(server);
  await upload(client, await jpeg(50, 40));
  const { id, url } = await readyAvatar(client);
  await server.database.query('UPDATE images SET id = gen_random_uuid() WHERE id = $1', [id]);
  const [row] = await server.database.query<{ id: string }>(
    'SELECT id FROM images WHERE sha256 = (SELECT sha256 FROM images ORDER BY created_at DESC LIMIT 1)',
  );
  expect((await get(url)).status).toBe(404);
  expect((await get(url.replace(id, row?.id ?? ''))).status).toBe(404);
  expect(server.logged.some((line) => line.includes('the storage has lost a file'))).toBe(true);
});

test('addresses are those under which the caller reaches us', async () => {
  const { client } = await registerPerson(server);
  const { url } = await upload(client, await jpeg(50, 40));
  expect(url.startsWith(`${server.url}/files/`)).toBe(true);
  const port = await freePort();
  const environment = { APP_URL: 'https://app.example.com', TRUST_PROXY: '1', PORT: String(port) };
  const elsewhere = await startTestServer(environment, server.database);
  const here = `http://127.0.0.1:${port}`;
  const asked = new Client(here, client.headers);
  await upload(asked, await jpeg(50, 40));
  const ask = async (headers: Record<string, string>) => {
    const { data } = await asked
      .with(headers)
      .graphql<{ me: { avatar: { url: string } } }>('{ me { avatar { url } } }');
    return new URL(data.me.avatar.url).origin;
  };
  // The application is at APP_URL; Gatehouse is where it was asked.
  expect(await ask({})).toBe(here);
  expect(await ask({ 'x-forwarded-host': 'app.example.com' })).toBe('https://app.example.com');
  expect(await ask({ 'x-forwarded-host': 'id.example.com', 'x-forwarded-proto': 'https' })).toBe(
    'https://id.example.com',
  );
  await elsewhere.stop();
});

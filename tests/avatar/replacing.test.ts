import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  avatarOf,
  ending,
  filesBelow,
  readyAvatar,
  removeAvatar,
  settled,
  updateAvatar,
  upload,
} from './avatars.ts';
import { jpeg } from './pictures.ts';

let server: TestServer;
let person: Person;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(inject('temporaryFolder'), 'replacing-'));
  server = await startTestServer({ DATA_DIR: dataDir });
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.database.query('DELETE FROM users');
  await server.database.query('DELETE FROM loose_images');
  person = await registerPerson(server);
});

const namesOf = (id: string) =>
  ['large', 'medium', 'original', 'small', 'thumbnail'].map(
    (name) => `files/${id.slice(-2)}/${id}/${name}`,
  );

/** Every file, once no job is left. */
async function stored(): Promise<string[]> {
  await settled(server.database);
  return filesBelow(dataDir);
}

test('a picture in the place of another: its files come, and those of the other go', async () => {
  const first = await upload(person.client, await jpeg(300, 200));
  expect(await stored()).toEqual(expect.arrayContaining(namesOf(first.id)));
  const second = await upload(person.client, await jpeg(320, 200));
  expect(second.id).not.toBe(first.id);
  const files = await stored();
  expect(files).toEqual(expect.arrayContaining(namesOf(second.id)));
  expect(files.filter((name) => name.includes(first.id))).toEqual([]);
  expect((await fetch(first.url)).status).toBe(404);
});

test('the same picture once more is the same file, and changes nothing', async () => {
  const file = await jpeg(300, 200);
  const first = await upload(person.client, file);
  await readyAvatar(person.client);
  const before = await server.database.query('SELECT updated_at FROM users');
  const again = await upload(person.client, file);
  expect([again.id, again.sha256]).toEqual([first.id, first.sha256]);
  expect(await server.database.query('SELECT updated_at FROM users')).toEqual(before);
  expect(await server.database.query('SELECT FROM loose_images')).toEqual([]);
});

test('of 20 uploads at once one is left, with its files and no others', async () => {
  const others = await stored();
  const files = await Promise.all(Array.from({ length: 20 }, (_, index) => jpeg(40 + index, 40)));
  const answers = await Promise.all(files.map((file) => updateAvatar(person.client, file)));
  expect(answers.map(ending)).toEqual(Array(20).fill('ok'));
  const { id } = await readyAvatar(person.client);
  expect(answers.map(({ data }) => data.outcome?.image?.id)).toContain(id);
  expect(await server.database.query('SELECT id FROM images')).toEqual([{ id }]);
  const left = (await stored()).filter((name) => !others.includes(name));
  expect(left).toEqual(namesOf(id));
});

test('of 20 uploads of the same picture at once there is one file', async () => {
  const file = await jpeg(77, 44);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => updateAvatar(person.client, file)),
  );
  expect(answers.map(ending)).toEqual(Array(20).fill('ok'));
  expect(new Set(answers.map(({ data }) => data.outcome?.image?.id)).size).toBe(1);
  const { id } = await readyAvatar(person.client);
  expect((await stored()).filter((name) => name.includes(id))).toEqual(namesOf(id));
});

test('uploads and removals at once leave a picture that is whole, or none', async () => {
  const files = await Promise.all(Array.from({ length: 8 }, (_, index) => jpeg(50 + index, 40)));
  await Promise.all(
    files.flatMap((file) => [updateAvatar(person.client, file), removeAvatar(person.client)]),
  );
  await stored();
  const image = await avatarOf(person.client);
  const rows = await server.database.query('SELECT id FROM images');
  expect(rows).toEqual(image === null ? [] : [{ id: image.id }]);
  if (image !== null) expect((await fetch(image.url)).status).toBe(200);
});

test('a user who is deleted takes the picture along: its files are loose', async () => {
  const { id, url } = await upload(person.client, await jpeg(90, 80));
  await settled(server.database);
  await server.database.query('DELETE FROM users WHERE id = $1', [person.id]);
  expect((await fetch(url)).status).toBe(404);
  expect(await server.database.query('SELECT id FROM loose_images WHERE id = $1', [id])).toEqual([
    { id },
  ]);
});

import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, inject, onTestFinished, test } from 'vitest';
import { poll } from '../support/mailbox.ts';
import { setRoles } from '../role/role-operations.ts';
import { registerPerson, registerStaff } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import {
  avatarOf,
  ending,
  filesBelow,
  readyAvatar,
  settled,
  updateAvatar,
  updateUserMutation,
  upload,
} from './avatars.ts';
import { jpeg, photo } from './pictures.ts';
import { afterFile, beforeFile, beginUpload, sendBytes } from './raw-upload.ts';

const mebibyte = 1024 * 1024;
const fileSize = 10 * mebibyte;

async function start(environment: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(inject('temporaryFolder'), 'early-'));
  const server = await startTestServer({ DATA_DIR: dataDir, ...environment });
  onTestFinished(() => server.stop());
  return { server, dataDir };
}

const answered = (received: () => string) =>
  poll(5_000, 'no answer came', async () => (received().includes('"errors"') ? true : undefined));

test.each(['UNAUTHENTICATED', 'RATE_LIMITED', 'INSUFFICIENT_PERMISSIONS'])(
  'an upload that ends in %s is refused before its file is sent',
  async (code) => {
    const { server, dataDir } = await start({
      RATE_LIMITS: 'on',
      RATE_LIMIT_AVATAR_USER: '1/60s',
    });
    const owner = await registerPerson(server);
    const user = await registerPerson(server);
    if (code === 'RATE_LIMITED') await upload(user.client, await jpeg(60, 40));
    if (code === 'INSUFFICIENT_PERMISSIONS') {
      await owner.client.graphql(
        `mutation { promoteToAdmin(userId: "${user.id}") { errors { code } } }`,
      );
    }
    await settled(server.database);
    const files = await filesBelow(dataDir);
    const operations = JSON.stringify({
      query: updateUserMutation,
      variables: { userId: owner.id, file: null },
    });
    const head = beforeFile(code === 'INSUFFICIENT_PERMISSIONS' ? { operations } : {});
    const headers = code === 'UNAUTHENTICATED' ? {} : user.client.headers;
    const raw = beginUpload(server.url, headers, head.length + fileSize + afterFile.length);
    raw.socket.write(head);
    // Not a byte of the file was sent, and the answer is there, whole; then the connection ends.
    await answered(raw.received);
    expect(raw.received()).toContain(code);
    expect(raw.received()).toMatch(/^connection: close\r$/m);
    expect(await raw.ended).toBe('end');
    expect(await filesBelow(dataDir)).toEqual(files);
  },
);

test('who comes to outrank the caller while the file arrives keeps the picture, and nothing is left', async () => {
  const { server, dataDir } = await start();
  const { admin, user } = await registerStaff(server);
  const operations = JSON.stringify({
    query: updateUserMutation,
    variables: { userId: user.id, file: null },
  });
  const head = beforeFile({ operations });
  const bytes = await photo(300, 200).jpeg().toBuffer();
  const length = head.length + bytes.length + afterFile.length;
  const raw = beginUpload(server.url, admin.client.headers, length);
  raw.socket.write(head);
  raw.socket.write(bytes.subarray(0, 100));
  await poll(5_000, 'the file is not read', async () =>
    (await filesBelow(join(dataDir, 'temporary'))).length > 0 ? true : undefined,
  );
  await setRoles(server.database, { [user.id]: ['Admin'] });
  raw.socket.write(bytes.subarray(100));
  raw.socket.write(afterFile);
  await answered(raw.received);
  expect(raw.received()).toContain('INSUFFICIENT_PERMISSIONS');
  raw.socket.destroy();
  expect(await avatarOf(user.client)).toBeNull();
  expect(await filesBelow(dataDir)).toEqual([]);
});

test('a sender that goes on after the refusal is cut off, and has the answer all the same', async () => {
  const { server } = await start();
  const head = beforeFile();
  const raw = beginUpload(server.url, {}, head.length + 100 * mebibyte);
  raw.socket.write(head);
  const sent = await sendBytes(raw, 100 * mebibyte);
  expect(raw.received()).toContain('UNAUTHENTICATED');
  expect(sent).toBeLessThan(64 * mebibyte);
  await poll(5_000, 'the connection stayed', async () => raw.socket.destroyed || undefined);
});

test('clients that send all before they listen have the answer too', async () => {
  const { server } = await start();
  const file = new File([new Uint8Array(fileSize)], 'large.jpg');
  for (let time = 0; time < 5; time += 1) {
    expect(ending(await updateAvatar(server.client, file))).toBe('UNAUTHENTICATED');
  }
  const { client } = await registerPerson(server);
  expect(ending(await updateAvatar(client, new File([file, 'x'], 'larger.jpg')))).toBe(
    'FILE_TOO_LARGE',
  );
  expect(ending(await updateAvatar(client, await jpeg(60, 40)))).toBe('ok');
});

test('an upload whose file comes late is waited for, and its connection stays open', async () => {
  const { server, dataDir } = await start();
  const { client } = await registerPerson(server);
  const head = beforeFile();
  const bytes = await photo(1200, 900).jpeg({ quality: 100 }).toBuffer();
  const raw = beginUpload(
    server.url,
    client.headers,
    head.length + bytes.length + afterFile.length,
  );
  raw.socket.write(head);
  await pause(200);
  expect(await filesBelow(join(dataDir, 'files'))).toEqual([]);
  raw.socket.write(bytes);
  raw.socket.write(afterFile);
  await answered(raw.received);
  expect(raw.received()).toContain('"status":"PROCESSING"');
  expect(raw.received()).not.toMatch(/^connection: close\r$/m);
  raw.socket.destroy();
});

test('an upload that breaks off leaves nothing, and the picture before it stays', async () => {
  const { server, dataDir } = await start();
  const { client } = await registerPerson(server);
  const { id } = await upload(client, await jpeg());
  await readyAvatar(client);
  await settled(server.database);
  const files = await filesBelow(dataDir);
  const head = beforeFile();
  for (const sent of [0, 1000, 3 * mebibyte]) {
    const raw = beginUpload(server.url, client.headers, head.length + fileSize);
    raw.socket.write(head);
    await sendBytes(raw, sent);
    await pause(100);
    raw.socket.destroy();
  }
  await poll(5_000, 'something is left', async () =>
    (await filesBelow(dataDir)).length === files.length ? true : undefined,
  );
  expect(await filesBelow(dataDir)).toEqual(files);
  expect((await avatarOf(client))?.id).toBe(id);
  expect(await server.database.query('SELECT FROM loose_images')).toEqual([]);
  expect(server.logged.filter((line) => line.includes('unforeseen'))).toEqual([]);
});

test('AVATAR_USER lets 30 uploads a minute pass', async () => {
  const { server } = await start({ RATE_LIMITS: 'on' });
  const { client } = await registerPerson(server);
  const file = await jpeg(30, 20);
  const answers = await Promise.all(Array.from({ length: 40 }, () => updateAvatar(client, file)));
  const endings = answers.map(ending);
  expect(endings.filter((one) => one === 'ok')).toHaveLength(30);
  expect(endings.filter((one) => one === 'RATE_LIMITED')).toHaveLength(10);
  const denied = answers.find((answer) => answer.code === 'RATE_LIMITED');
  expect(denied?.errors[0]?.extensions).toMatchObject({ limit: 'AVATAR_USER', max: 30 });
});

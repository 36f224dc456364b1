import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { poll } from '../support/mailbox.ts';
import { registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import {
  avatarOf,
  download,
  ending,
  filesBelow,
  readyAvatar,
  removeAvatar,
  settled,
  updateAvatar,
  upload,
} from './avatars.ts';
import { jpeg } from './pictures.ts';
import { startS3Double } from './s3-double.ts';
import { makeStorage, storageKinds } from './storages.ts';

async function start(environment: Readonly<Record<string, string>>) {
  const server = await startTestServer(environment);
  onTestFinished(() => server.stop());
  const { client } = await registerPerson(server);
  return { server, client };
}

const variants = ['large', 'medium', 'original', 'small', 'thumbnail'];
const namesOf = (id: string) => variants.map((variant) => `${id}/${variant}`);

describe.each(storageKinds)('pictures kept in %s', (kind) => {
  test('are stored whole, served whole and in part, and removed', async () => {
    const storage = await makeStorage(kind);
    const { server, client } = await start(storage.environment);
    const { id, sha256 } = await upload(client, await jpeg());
    const image = await readyAvatar(client);
    expect(await storage.names()).toEqual(namesOf(id));
    const original = await storage.read(`${id}/original`);
    expect(createHash('sha256').update(original).digest('hex')).toBe(sha256);
    for (const { url, variant } of image.variants) {
      expect(await download(url)).toEqual(await storage.read(`${id}/${variant.toLowerCase()}`));
    }
    const part = await fetch(image.url, { headers: { range: 'bytes=100-299' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(original.subarray(100, 300));
    await removeAvatar(client);
    await settled(server.database);
    expect(await storage.names()).toEqual([]);
    expect(await filesBelow(storage.environment.DATA_DIR)).toEqual([]);
  });

  test('that are nobody’s are swept after an hour, and no others', async () => {
    const storage = await makeStorage(kind);
    const { server, client } = await start({ ...storage.environment });
    const { id } = await upload(client, await jpeg(300, 200));
    await readyAvatar(client);
    const second = await registerPerson(server);
    const { id: loose } = await upload(second.client, await jpeg(310, 200));
    await readyAvatar(second.client);
    // As after a crash: its files are there, no row has it, and no job is about it.
    await server.database.query('DELETE FROM images WHERE id = $1', [loose]);
    const sweep = async () => {
      await server.database.query("SELECT graphile_worker.add_job('sweep', job_key => 'now')");
      await poll(20_000, 'no sweep was done', async () => {
        const left = await server.database.query(
          "SELECT FROM graphile_worker.jobs WHERE key = 'now'",
        );
        return left.length === 0 ? true : undefined;
      });
    };
    await sweep();
    expect(await storage.names()).toEqual([...namesOf(id), ...namesOf(loose)].sort());
    await server.database.query("UPDATE loose_images SET since = now() - interval '61 minutes'");
    await sweep();
    expect(await storage.names()).toEqual(namesOf(id));
    expect(await server.database.query('SELECT FROM loose_images')).toEqual([]);
    expect((await avatarOf(client))?.status).toBe('READY');
  });
});

describe('a bucket that answers with an error', () => {
  test('to a new picture: SERVER_BUSY, nothing is left, and the picture before it stays', async () => {
    const s3 = await startS3Double();
    const { server, client } = await start({ STORAGE_URL: s3.storageUrl });
    const { id } = await upload(client, await jpeg());
    await readyAvatar(client);
    for (const status of [500, 503, 403]) {
      s3.fail('PUT', status);
      const answer = await updateAvatar(client, await jpeg(100 + status, 80));
      expect([answer.status, ending(answer)]).toEqual([503, 'SERVER_BUSY']);
      expect(JSON.stringify(answer.errors)).not.toMatch(/AKID|secret|InternalError|127/);
    }
    expect([...s3.objects.keys()].filter((key) => !key.includes(id))).toEqual([]);
    expect((await avatarOf(client))?.id).toBe(id);
    s3.fail('PUT', undefined);
    expect(ending(await updateAvatar(client, await jpeg(222, 80)))).toBe('ok');
    expect(server.logged.some((line) => line.includes('AKIDOFATEST'))).toBe(false);
  }, 60_000);

  test('to the job: it is tried again, and the original served meanwhile', async () => {
    const s3 = await startS3Double();
    const { server, client } = await start({ STORAGE_URL: s3.storageUrl });
    s3.fail('GET', 500);
    const { id, url } = await upload(client, await jpeg());
    await poll(20_000, 'no try failed', async () => {
      const [job] = await server.database.query<{ attempts: number; locked_at: Date | null }>(
        "SELECT attempts, locked_at FROM graphile_worker.jobs WHERE task_identifier = 'make-variants'",
      );
      return job && job.attempts > 0 && job.locked_at === null ? true : undefined;
    });
    expect((await avatarOf(client))?.status).toBe('PROCESSING');
    expect((await fetch(url)).status).toBe(503);
    s3.fail('GET', undefined);
    expect((await fetch(url)).status).toBe(200);
    await server.database.query(
      'UPDATE graphile_worker._private_jobs SET run_at = now() WHERE attempts > 0',
    );
    expect((await readyAvatar(client)).id).toBe(id);
  }, 60_000);

  test('to the last try of the job: the picture is FAILED, and its original is served', async () => {
    const s3 = await startS3Double();
    const { server, client } = await start({ STORAGE_URL: s3.storageUrl });
    s3.fail('GET', 500);
    await server.database.query(`CREATE FUNCTION one_try() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.max_attempts := 1; RETURN NEW; END $$`);
    await server.database
      .query(`CREATE TRIGGER one_try BEFORE INSERT ON graphile_worker._private_jobs
      FOR EACH ROW EXECUTE FUNCTION one_try()`);
    await upload(client, await jpeg());
    const image = await poll(20_000, 'it did not fail', async () => {
      const now = await avatarOf(client);
      return now?.status === 'FAILED' ? now : undefined;
    });
    s3.fail('GET', undefined);
    const original = await download(image.url);
    expect(await download(image.large)).toEqual(original);
    expect(image.variants).toHaveLength(1);
  }, 60_000);
});

test('a disk that is full is SERVER_BUSY, nothing is left, and the picture before it stays', async () => {
  const storage = await makeStorage('a folder');
  const { server, client } = await start(storage.environment);
  const { id } = await upload(client, await jpeg());
  await readyAvatar(client);
  const names = await storage.names();
  // Where a folder should be made there is a file: the same to us, and no disk has to be filled.
  const folder = new URL(storage.environment.STORAGE_URL).pathname;
  const blocked = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0'));
  const mine = id.slice(-2);
  for (const name of blocked.filter((one) => one !== mine)) await writeFile(join(folder, name), '');
  let answer = await updateAvatar(client, await jpeg(111, 80));
  for (let time = 0; ending(answer) === 'ok' && time < 5; time += 1) {
    answer = await updateAvatar(client, await jpeg(112 + time, 80));
  }
  expect([answer.status, ending(answer)]).toEqual([503, 'SERVER_BUSY']);
  for (const name of blocked.filter((one) => one !== mine)) await rm(join(folder, name));
  // And now the folder for what is being worked on.
  const temporary = join(storage.environment.DATA_DIR, 'temporary');
  await rm(temporary, { recursive: true, force: true });
  await writeFile(temporary, '');
  expect(ending(await updateAvatar(client, await jpeg(113, 80)))).toBe('SERVER_BUSY');
  await rm(temporary);
  await mkdir(temporary);
  expect((await avatarOf(client))?.id).toBe(id);
  expect(await storage.names()).toEqual(names);
  expect(ending(await updateAvatar(client, await jpeg(114, 80)))).toBe('ok');
  expect(server.logged.some((line) => line.includes('unforeseen'))).toBe(false);
});

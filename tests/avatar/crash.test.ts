import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { Client } from '../support/client.ts';
import { someoneWaits } from '../support/locks.ts';
import { poll } from '../support/mailbox.ts';
import { registerPerson } from '../support/people.ts';
import { startProcess } from '../support/process.ts';
import { startTestServer } from '../support/server.ts';
import {
  avatarOf,
  download,
  filesBelow,
  readyAvatar,
  settled,
  updateAvatar,
  upload,
} from './avatars.ts';
import { jpeg } from './pictures.ts';
import { beforeFile, beginUpload, sendBytes } from './raw-upload.ts';
import { makeStorage, storageKinds } from './storages.ts';

/** Holds a row until the process that waits for it is dead. */
async function holding(database: TestDatabase, sql: string, work: () => Promise<void>) {
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query('BEGIN');
  await other.query(sql);
  await work();
  await other.query('ROLLBACK');
  await other.end();
}

test.each(storageKinds)(
  'killed at any step, a server leaves pictures that are whole, and nothing for long, in %s',
  async (kind) => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const storage = await makeStorage(kind);
    const environment = {
      ...storage.environment,
      DATABASE_URL: database.url,
      APP_SECRET: 'the secret of the tests, which is no secret',
      BCRYPT_COST: '4',
      RATE_LIMITS: 'off',
    };
    const inProcess = await startTestServer(environment, database);
    const person = await registerPerson(inProcess);
    await upload(person.client, await jpeg(200, 100));
    const { id: first } = await readyAvatar(person.client);
    await settled(database);
    await inProcess.stop();

    /** Starts a server, has it come as far as `until` says, and kills it there. */
    const killedDuring = async (
      until: (client: Client) => Promise<unknown>,
      more: Record<string, string> = {},
    ) => {
      const running = startProcess({ ...environment, ...more });
      const { url } = await running.started;
      await until(person.client.at(url));
      running.kill('SIGKILL');
      await running.exited;
    };

    // While the file arrives.
    await killedDuring(async (client) => {
      const raw = beginUpload(client.url, client.headers, 5_000_000);
      raw.socket.write(beforeFile());
      await sendBytes(raw, 300_000);
      await poll(5_000, 'nothing arrived', async () =>
        (await filesBelow(environment.DATA_DIR)).length > 0 ? true : undefined,
      );
      raw.socket.destroy();
    });
    // When it is stored, and before any row names it.
    await holding(database, `SELECT FROM users WHERE id = '${person.id}' FOR UPDATE`, () =>
      killedDuring(async (client) => {
        updateAvatar(client, await jpeg(201, 100)).catch(() => undefined);
        await someoneWaits(database);
      }),
    );
    const atThisPoint = await startTestServer({ ...environment, RUN_JOBS: 'false' }, database);
    const kept = await avatarOf(person.client.at(atThisPoint.url));
    expect(kept?.id).toBe(first);
    await download(kept?.url ?? '');
    await atThisPoint.stop();
    expect((await storage.names()).length).toBe(6);
    // When a row names it, and before its variants are made and the files of the first are gone.
    await killedDuring(async (client) => upload(client, await jpeg(202, 100)), {
      RUN_JOBS: 'false',
    });
    const [row] = await database.query<{ id: string }>('SELECT id FROM images');
    const second = row?.id ?? '';
    expect(second).not.toBe(first);
    // When its variants are stored, and before the row says so.
    await holding(database, 'SELECT FROM images FOR UPDATE', () =>
      killedDuring(() => someoneWaits(database)),
    );

    // What was taken by a worker that is dead is free after a minute and a half.
    await database.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = locked_at - interval '2 minutes'`,
    );
    await database.query("UPDATE loose_images SET since = since - interval '61 minutes'");
    const old = new Date(Date.now() - 3_700_000);
    for (const name of await filesBelow(join(environment.DATA_DIR, 'temporary'))) {
      await utimes(join(environment.DATA_DIR, 'temporary', name, '..'), old, old);
    }
    const again = await startTestServer(environment, database);
    const ready = await readyAvatar(person.client.at(again.url));
    expect(ready.id).toBe(second);
    for (const { url } of ready.variants) await download(url);
    await settled(database);
    await database.query("SELECT graphile_worker.add_job('sweep')");
    await poll(20_000, 'something is left', async () =>
      (await storage.names()).length === 5 ? true : undefined,
    );
    expect((await storage.names()).every((name) => name.startsWith(second))).toBe(true);
    expect(await filesBelow(environment.DATA_DIR)).toEqual([]);
    await again.stop();
  },
  120_000,
);

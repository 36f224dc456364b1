import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { createDataSource } from '../../src/database/data-source.ts';
import { startEmbeddedDatabase } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { madeOnce } from './made-once.ts';

/** Starts the embedded database of a folder for the first time, migrates it and stops it again. */
async function use(dataDir: string): Promise<void> {
  const database = await startEmbeddedDatabase({ dataDir, log: pino({ level: 'silent' }) });
  const dataSource = await createDataSource(database.url, 2).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
  await database.stop();
}

/**
 * Makes a data folder as a server with the embedded database leaves it after its first start, with
 * nobody in it. It is copied: making a database anew takes several times as long, and only tests of
 * a first start are about that.
 */
export async function placeUsedData(dataDir: string): Promise<void> {
  const used = await madeOnce('used-data', use);
  await mkdir(dataDir, { recursive: true });
  // With owners and modes, which PostgreSQL insists on.
  execFileSync('cp', ['-a', join(used, 'postgres'), dataDir]);
}

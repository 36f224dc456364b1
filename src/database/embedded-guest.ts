import { findBinaries } from './embedded-binaries.ts';
import { openHome } from './embedded-home.ts';
import { DataDirectoryInUse, findRunning } from './embedded-lock.ts';
import { EmbeddedDatabaseError } from './embedded-process.ts';
import { startEmbeddedDatabase, urlOf } from './embedded.ts';
import type { EmbeddedDatabaseOptions } from './embedded.ts';

/** A database that may be another process's. */
export interface SharedDatabase {
  readonly url: string;
  /** Whether it ends with us; otherwise we are guests of the server that runs it. */
  readonly isOurs: boolean;
  stop(): Promise<void>;
}

/**
 * The database of this folder, for work beside the server: as a guest where a Gatehouse runs it,
 * and started by ourselves where none does. A guest takes no lock and is served until its host
 * stops; then its statements fail, and their transactions leave nothing behind.
 */
export async function shareEmbeddedDatabase(
  options: EmbeddedDatabaseOptions,
): Promise<SharedDatabase> {
  try {
    const database = await startEmbeddedDatabase(options);
    return { url: database.url, isOurs: true, stop: () => database.stop() };
  } catch (error) {
    if (!(error instanceof DataDirectoryInUse)) throw error;
    return joinAsGuest(options, error);
  }
}

async function joinAsGuest(
  options: EmbeddedDatabaseOptions,
  inUse: DataDirectoryInUse,
): Promise<SharedDatabase> {
  const log = options.log.child({ component: 'postgresql' });
  const home = await openHome(options.dataDir, options.binaries ?? (await findBinaries()), log);
  const running = await findRunning(home.data);
  if (!running?.port) {
    throw new EmbeddedDatabaseError(`${inUse.message}, and it is just stopping. Try again.`);
  }
  return { url: urlOf(home, running.port), isOurs: false, stop: async () => undefined };
}

import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { InTemporaryFolder } from '../context.ts';
import { Denial } from '../errors.ts';

export interface TemporaryFolders {
  readonly inTemporaryFolder: InTemporaryFolder;
  close(): void;
}

const hour = 3_600_000;

/**
 * Folders below `parent` for what is being worked on. Those that a killed process left behind are
 * removed when they are an hour old: at the start, and every hour from then on.
 */
export function openTemporaryFolders(parent: string, log: Logger): TemporaryFolders {
  const sweep = () =>
    removeOld(parent, Date.now() - hour).catch((error: unknown) => {
      log.warn(
        { err: error },
        'temporary folders could not be removed; the next try is in an hour',
      );
    });
  void sweep();
  const timer = setInterval(() => void sweep(), hour);
  timer.unref();
  return {
    async inTemporaryFolder(work) {
      const folder = await makeFolder(parent);
      try {
        return await work(folder);
      } finally {
        await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
          log.warn(
            { err: error },
            'a temporary folder could not be removed; it will be in an hour',
          );
        });
      }
    },
    close: () => clearInterval(timer),
  };
}

async function makeFolder(parent: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    return await mkdtemp(join(parent, 'work-'));
  } catch (error) {
    throw new Denial('SERVER_BUSY', 'There is no room to work at the moment.', {}, error);
  }
}

async function removeOld(parent: string, before: number): Promise<void> {
  const names = await readdir(parent).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.filter((one) => one.startsWith('work-'))) {
    const folder = join(parent, name);
    const found = await stat(folder).catch(() => undefined); // gone meanwhile
    if (found && found.mtimeMs < before) await rm(folder, { recursive: true, force: true });
  }
}

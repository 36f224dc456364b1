import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileStorage } from '../context.ts';

const hour = 3_600_000;

/**
 * Keeps files below a folder of this machine. The last two signs of a file's folder name another
 * one around it, so that no folder holds a million: those of ids are random. A file is copied
 * aside, flushed, and renamed into its place: who reads finds all of it or nothing.
 */
export function createLocalFiles(root: string): FileStorage {
  const pathOf = (name: string) => {
    const [folder = '', file = ''] = name.split('/');
    return join(root, folder.slice(-2), folder, file);
  };
  return {
    async put(name, localFile) {
      const path = pathOf(name);
      const folder = dirname(path);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const aside = join(folder, `.${randomUUID()}`);
      try {
        await copyFile(localFile, aside);
        await flush(aside);
        await rename(aside, path);
      } catch (error) {
        await rm(aside, { force: true });
        throw error;
      }
      await flush(folder); // or a power cut could lose the name of what is there
    },
    async read(name, range) {
      const file = await open(pathOf(name)).catch(undefinedWhenMissing);
      return file && createReadStream('', { fd: file, ...range });
    },
    async remove(names) {
      for (const name of names) {
        const path = pathOf(name);
        await rm(path, { force: true });
        await removeIfEmpty(dirname(path));
      }
    },
  };
}

async function flush(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Also of what a crash left aside in it. A folder that is used again at this moment stays. */
async function removeIfEmpty(folder: string): Promise<void> {
  for (const name of await readdir(folder)
    .catch(undefinedWhenMissing)
    .then((all) => all ?? [])) {
    const aside = join(folder, name);
    const found = name.startsWith('.') ? await stat(aside).catch(undefinedWhenMissing) : undefined;
    if (found && found.mtimeMs < Date.now() - hour) await rm(aside, { force: true });
  }
  await rmdir(folder).catch(undefinedWhenInUse);
}

function undefinedWhenMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function undefinedWhenInUse(error: unknown): undefined {
  if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

import { open, rename, rm } from 'node:fs/promises';

/** Where text goes: a file, or standard output for `-`. */
export interface Target {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
  /** Puts a finished file in its place. */
  finish(): Promise<void>;
  /** Leaves nothing behind; harmless after `finish`. */
  discard(): Promise<void>;
}

/**
 * Opens what is to be written. A file gets its name when it is whole, and is for its owner alone:
 * it can hold password hashes.
 */
export async function openTarget(file: string): Promise<Target> {
  return file === '-' ? standardOutput() : newFile(file);
}

function standardOutput(): Target {
  // Without a listener a reader that leaves would end the process; `write` tells of it.
  process.stdout.on('error', () => {});
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    finish: async () => {},
    discard: async () => {},
  };
}

async function newFile(file: string): Promise<Target> {
  const temporary = `${file}.${process.pid}.partial`;
  const handle = await open(temporary, 'wx', 0o600);
  return {
    write: async (text) => {
      await handle.appendFile(text);
    },
    finish: async () => {
      await handle.sync();
      await handle.close();
      await rename(temporary, file);
    },
    discard: async () => {
      await handle.close().catch(() => {});
      await rm(temporary, { force: true });
    },
  };
}

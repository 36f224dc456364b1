import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { poll } from './mailbox.ts';

/**
 * A folder that is filled once in a run of the tests, by whichever of its processes needs it first;
 * the others wait for it. Where that fails, the next who needs it tries again.
 */
export function madeOnce(name: string, fill: (folder: string) => Promise<unknown>) {
  const folder = join(inject('temporaryFolder'), name);
  const mark = `${folder}.made`;
  return poll(60_000, `${name} was not made`, async () => {
    if (existsSync(mark)) return folder;
    // Only one of those who come at once makes the folder.
    const isOurs = await mkdir(folder, { mode: 0o755 }).then(
      () => true,
      () => false,
    );
    if (!isOurs) return undefined;
    try {
      await fill(folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    await writeFile(mark, '');
    return folder;
  });
}

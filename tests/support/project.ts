import { mkdir, mkdtemp, readdir, readFile, copyFile, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { inject } from 'vitest';

/** A folder of somebody else's, in which just these packages are installed: those that we have. */
export async function makeProject(packages: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(inject('temporaryFolder'), 'project-'));
  for (const name of packages) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(resolve(name === 'gatehouse-client' ? 'client' : `node_modules/${name}`), link);
  }
  return folder;
}

/** An example as it is after `npm ci`: beside its files, only what its package.json names is there. */
export async function installExample(name: string): Promise<string> {
  const example = join('examples', name);
  const { dependencies } = JSON.parse(await readFile(join(example, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const folder = await makeProject(Object.keys(dependencies));
  const files = await readdir(example, { withFileTypes: true });
  for (const file of files) {
    if (file.isFile()) await copyFile(join(example, file.name), join(folder, file.name));
  }
  return folder;
}

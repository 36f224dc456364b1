import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chown, lchown, lstat, mkdir, open, readFile, readdir } from 'node:fs/promises';
import { realpath, rename, rm, rmdir, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import { ensureExecutable, isOpenToAll, isTaken, makeTemporary } from './embedded-binaries.ts';
import { openSharedDirectory, shareBinaries } from './embedded-binaries.ts';
import type { Binaries } from './embedded-binaries.ts';
import { EmbeddedDatabaseError, runToEnd, systemPath } from './embedded-process.ts';
import type { Account } from './embedded-process.ts';

const run = promisify(execFile);

/** The name of the superuser and of the database. */
export const databaseName = 'gatehouse';

/** A database cluster on disk, with all that is needed to run it. */
export interface Home {
  /** The folder as it was asked for, for messages. */
  readonly dataDir: string;
  /** PostgreSQL's own data folder, without links in its path. */
  readonly data: string;
  readonly password: string;
  /** Who PostgreSQL runs as; null for our own user. */
  readonly account: Account | null;
  readonly binaries: Binaries;
}

/** Opens the cluster below this folder, and makes it first when there is none. */
export async function openHome(dataDir: string, given: Binaries, log: Logger): Promise<Home> {
  const folder = resolve(dataDir);
  try {
    await mkdir(folder, { recursive: true });
    await ensureExecutable(given);
    const account = process.getuid?.() === 0 ? await databaseAccount() : null;
    const binaries = account === null ? given : await shareBinaries(given);
    const link = join(folder, 'postgres');
    if (await isFree(link)) await makeCluster(link, account, binaries, log);
    return { dataDir: folder, binaries, ...(await openCluster(link, account, binaries)) };
  } catch (error) {
    throw explain(error, folder);
  }
}

/** The account that PostgreSQL uses when we are root, which it refuses to run as. */
async function databaseAccount(): Promise<Account> {
  const advice = 'Run Gatehouse as an ordinary user, or set DATABASE_URL.';
  if (process.platform === 'darwin') {
    throw new EmbeddedDatabaseError(`The embedded PostgreSQL does not run as root. ${advice}`);
  }
  const known = await findAccount().catch(() => null);
  if (known !== null) return known;
  // Not every PATH has the tools for administrators.
  const env = { PATH: systemPath };
  try {
    // The group may be there without the user; then useradd is what decides.
    await run('groupadd', ['--system', 'postgres'], { env }).catch(() => {});
    const options = ['--system', '--gid', 'postgres', '--no-create-home', '--home-dir', '/'];
    await run('useradd', [...options, '--shell', '/bin/false', 'postgres'], { env });
  } catch (error) {
    // Another start may have made it at the same moment.
    return await findAccount().catch(() => {
      throw new EmbeddedDatabaseError(
        `PostgreSQL does not run as root, and no user "postgres" could be made for it. ${advice}`,
        error,
      );
    });
  }
  return await findAccount();
}

async function findAccount(): Promise<Account> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  );
  if (uid === undefined || gid === undefined) throw new Error('id gave no numbers');
  return { uid, gid };
}

/** Whether the cluster has yet to be made. An empty folder counts: somebody prepared it. */
async function isFree(link: string): Promise<boolean> {
  const found = await lstat(link).catch(() => null);
  return found === null || (found.isDirectory() && (await readdir(link)).length === 0);
}

/**
 * Makes the cluster aside and puts it in place by one rename, so that neither a crash nor a
 * second start at the same moment leaves half of one. The slower of two throws its own away.
 */
async function makeCluster(
  link: string,
  account: Account | null,
  binaries: Binaries,
  log: Logger,
): Promise<void> {
  const isPrivate = account !== null && !(await isOpenToAll(dirname(link)));
  const parent = isPrivate ? await openSharedDirectory() : dirname(link);
  const temporary = await makeTemporary(parent);
  let made = temporary;
  try {
    await initialize(temporary, account, binaries, log);
    if (isPrivate) {
      made = join(parent, randomBytes(8).toString('hex'));
      await rename(temporary, made);
      await rmdir(link).catch(() => {});
      await symlink(made, link);
      log.info({ home: made, link }, 'PostgreSQL cannot enter the data folder; its own is here');
    } else {
      await rename(temporary, link);
    }
    await flush(parent);
    await flush(dirname(link));
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    if (!isTaken(error)) throw error;
  }
}

async function initialize(
  home: string,
  account: Account | null,
  binaries: Binaries,
  log: Logger,
): Promise<void> {
  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, `${randomBytes(32).toString('base64url')}\n`, {
    mode: 0o600,
    flush: true,
  });
  if (account !== null) {
    await chown(passwordFile, account.uid, account.gid);
    await chown(home, account.uid, account.gid);
  }
  await runToEnd({
    program: join(binaries.directory, 'bin', 'initdb'),
    parameters: [
      `--pgdata=${join(home, 'data')}`,
      `--username=${databaseName}`,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      ...localeParameters(binaries),
    ],
    account,
    onLine: (line) => log.debug(line),
  });
}

/** Rules for letters that are the same on machines with other locales: PostgreSQL's own, or ICU's. */
function localeParameters({ version }: Binaries): string[] {
  const hasOwnRules = Number.parseInt(version, 10) >= 17;
  return hasOwnRules
    ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
    : ['--locale-provider=icu', '--icu-locale=und', '--locale=C'];
}

/** A rename survives a power failure only once the folder that holds the name is flushed. */
async function flush(directory: string): Promise<void> {
  const handle = await open(directory);
  await handle.sync().finally(() => handle.close());
}

async function openCluster(
  link: string,
  account: Account | null,
  binaries: Binaries,
): Promise<Pick<Home, 'data' | 'password' | 'account'>> {
  const home = await realpath(link).catch((error: unknown) => {
    throw new EmbeddedDatabaseError(`${link} leads to a folder that is gone`, error);
  });
  const data = join(home, 'data');
  const major = await readFile(join(data, 'PG_VERSION'), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new EmbeddedDatabaseError(`${link} holds something other than a database`, error);
  });
  const expected = Number.parseInt(binaries.version, 10);
  if (Number(major) !== expected) {
    throw new EmbeddedDatabaseError(
      `${link} was made by PostgreSQL ${major.trim()}, but this Gatehouse brings PostgreSQL ` +
        `${expected}. Move the data with pg_dump, or use the former version.`,
    );
  }
  const password = (await readFile(join(home, 'password'), 'utf8')).trim();
  return { data, password, account: account && (await settleOwner(home, account)) };
}

/**
 * Who runs the cluster when we are root: whoever it belongs to, so that one start with sudo does
 * not take it away from its user for good. What belongs to root is given to the account.
 */
async function settleOwner(home: string, account: Account): Promise<Account> {
  const { uid, gid }: Stats = await stat(join(home, 'data'));
  if (uid !== 0 && uid !== account.uid) return { uid, gid };
  if (!(await isOpenToAll(dirname(home)))) {
    throw new EmbeddedDatabaseError(
      `PostgreSQL runs as the user "postgres" here, who cannot get into ${dirname(home)}. ` +
        `Let others enter that folder and those above it, or move ${basename(home)} elsewhere.`,
    );
  }
  if (uid === 0) await giveAway(home, account);
  return account;
}

async function giveAway(home: string, { uid, gid }: Account): Promise<void> {
  // What is inside comes first: the owner of `data` itself tells that all of it is done.
  for (const name of (await readdir(home, { recursive: true })).reverse()) {
    await lchown(join(home, name), uid, gid);
  }
  await lchown(home, uid, gid);
}

/** Puts the usual ways a folder can be wrong into words. */
function explain(error: unknown, folder: string): unknown {
  if (error instanceof EmbeddedDatabaseError) return error;
  const { code, path, message } = error as NodeJS.ErrnoException;
  const where = path ?? folder;
  if (code === 'ENOSPC') return new EmbeddedDatabaseError(`The disk of ${folder} is full`, error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const reason = `The data folder ${folder} cannot be used: no permission for ${where}.`;
    return new EmbeddedDatabaseError(`${reason} Does it belong to another user?`, error);
  }
  return new EmbeddedDatabaseError(`The data folder ${folder} cannot be used: ${message}`, error);
}

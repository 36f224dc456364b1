import { execFile } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Logger } from 'pino';
import { databaseName } from './embedded-home.ts';
import type { Home } from './embedded-home.ts';
import { EmbeddedDatabaseError, isAlive } from './embedded-process.ts';
import type { Supervised } from './embedded-process.ts';

/** The folder has an owner already, which is left alone. */
export class DataDirectoryInUse extends EmbeddedDatabaseError {
  constructor(readonly dataDir: string) {
    super(`Another Gatehouse is already running on ${dataDir}`);
    this.name = 'DataDirectoryInUse';
  }
}

/**
 * Whoever holds this advisory lock in the database `postgres` owns the folder. PostgreSQL drops
 * it with the connection, so unlike a file it cannot outlive its owner.
 */
const ownershipLock = 0x47617465;

/** Those who only probe take turns, so that none of them takes another one for the owner. */
const turnLock = ownershipLock + 1;

/**
 * A server whose lock was found free so often, one probe after the other, has lost its owner;
 * fewer could hit one that was started a moment ago. Should it be alive all the same, it has not
 * told anybody its address yet: it sees its server go, tries again and finds us.
 */
const orphanProbes = 8;
const probeMilliseconds = 250;

/**
 * Resolves once no server runs on the folder. One that nobody holds is an orphan and is stopped;
 * one that is coming up or going away is waited for; one with an owner is `DataDirectoryInUse`.
 */
export async function claim(
  home: Home,
  deadline: number,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  let granted = 0;
  for (;;) {
    const running = await findRunning(home.data);
    if (running === null) return;
    const answer =
      running.port === null
        ? 'unreachable'
        : await askForLocks(home, running.port, [turnLock, ownershipLock]);
    if (answer === 'held') throw new DataDirectoryInUse(home.dataDir);
    if (answer === 'unreachable') granted = 0;
    if (typeof answer !== 'string') {
      granted += 1;
      if (granted >= orphanProbes) {
        log.warn({ pid: running.pid }, 'PostgreSQL was left behind by its owner; it is stopped');
        if (isAlive(running.pid)) process.kill(running.pid, 'SIGINT');
        granted = 0;
      }
      await answer.end().catch(() => {});
    }
    if (Date.now() > deadline) {
      throw new EmbeddedDatabaseError(
        `PostgreSQL (process ${running.pid}) still runs on ${home.dataDir}, and neither answers ` +
          'nor ends. It may be busy writing: wait for it, or stop it.',
      );
    }
    await sleep(probeMilliseconds, null, { signal });
  }
}

/** Takes the lock for good. Null when the server ended meanwhile. */
export async function takeLock(
  home: Home,
  port: number,
  server: Supervised,
): Promise<pg.Client | null> {
  while (!server.hasEnded) {
    const answer = await askForLocks(home, port, [ownershipLock]);
    if (typeof answer !== 'string') return answer;
    // Whoever has it is only probing, or ends this server in a moment.
    await sleep(50);
  }
  return null;
}

/** Asks the server for the locks, one after the other, which the returned connection holds. */
async function askForLocks(
  home: Home,
  port: number,
  locks: readonly number[],
): Promise<pg.Client | 'held' | 'busy' | 'unreachable'> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: databaseName,
    password: home.password,
    database: 'postgres',
    application_name: 'gatehouse-owner',
    // Said outright, or PGSSLMODE would decide.
    ssl: false,
    connectionTimeoutMillis: 5_000,
  });
  // Without a listener a lost connection would end the process; `end` tells those who care.
  client.on('error', () => {});
  try {
    await client.connect();
    for (const lock of locks) {
      if (await isGranted(client, lock)) continue;
      await client.end();
      return lock === ownershipLock ? 'held' : 'busy';
    }
    return client;
  } catch (error) {
    client.end().catch(() => {});
    const { code = '', message } = error as NodeJS.ErrnoException;
    // Only an owner's pools can take every connection.
    if (code === '53300') return 'held';
    // No answer at all, or that of a server on its way up or down.
    if (code === '' || /^(E[A-Z]+|57P0\d)$/.test(code)) return 'unreachable';
    throw new EmbeddedDatabaseError(
      `The database in ${home.dataDir} does not let Gatehouse in: ${message}`,
      error,
    );
  }
}

async function isGranted(client: pg.Client, lock: number): Promise<boolean> {
  const { rows } = await client.query<{ granted: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS granted',
    [lock],
  );
  return rows[0]?.granted === true;
}

/** A PostgreSQL server that runs on a folder. Its port is null while it has only just started. */
interface RunningServer {
  readonly pid: number;
  readonly port: number | null;
}

/**
 * The server that runs on this folder, if any. PostgreSQL itself copes with a `postmaster.pid`
 * whose process is gone; but when the number has been given to another program, as happens in
 * containers, it would refuse to start forever, so such a file is removed here.
 */
export async function findRunning(data: string): Promise<RunningServer | null> {
  const path = join(data, 'postmaster.pid');
  const text = readIfThere(path);
  if (text === null) return null;
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (Number.isNaN(pid) && isRecent(path)) return { pid: 0, port: null };
  if (pid > 0 && !isAlive(pid)) return null;
  if (pid > 0 && (await isServerOf(data, pid))) {
    return { pid, port: Number.parseInt(lines[3] ?? '', 10) || null };
  }
  // Read once more, with nothing in between, lest the file of a newer server is removed.
  if (readIfThere(path) === text) rmSync(path, { force: true });
  return null;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** An empty file is being written at this moment, or was cut short when the disk was full. */
function isRecent(path: string): boolean {
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return age < 5_000;
}

/** Whether the process is a PostgreSQL server of this folder, and not a zombie of one. */
async function isServerOf(data: string, pid: number): Promise<boolean> {
  if (process.platform !== 'linux') {
    const shown = await promisify(execFile)('ps', ['-ww', '-p', String(pid), '-o', 'args=']).catch(
      () => ({ stdout: '' }),
    );
    return shown.stdout.includes('postgres') && shown.stdout.includes(data);
  }
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  if (name !== 'postgres\n') return false;
  // It works in its data folder; what root may see of others depends on the container.
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  if (folder !== null) return folder === data;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.split('\0').includes(data);
}

import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, lstat, mkdir, mkdtemp, readFile, readdir, realpath } from 'node:fs/promises';
import { rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findBinaries, othersCanEnter } from '../../src/database/embedded-binaries.ts';
import { DataDirectoryInUse, startEmbeddedDatabase } from '../../src/database/embedded.ts';
import type { EmbeddedDatabase, EmbeddedDatabaseOptions } from '../../src/database/embedded.ts';
import { placeUsedData } from '../support/used-data.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const isRoot = process.getuid?.() === 0;
const log = pino({ level: 'silent' });

/** A folder that everybody may enter and that is gone after the test. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'gatehouse test '));
  await chmod(folder, 0o755);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The same with a database in it that is stopped. */
async function makeUsedFolder(): Promise<string> {
  const folder = await makeFolder();
  await placeUsedData(folder);
  return folder;
}

async function start(
  dataDir: string,
  options: Partial<EmbeddedDatabaseOptions> = {},
): Promise<EmbeddedDatabase> {
  const database = await startEmbeddedDatabase({ dataDir, log, ...options });
  onTestFinished(() => database.stop());
  return database;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows.flatMap((row) =>
      Object.values(row),
    );
  } finally {
    await client.end();
  }
}

/** The number of the PostgreSQL that runs on this folder. */
async function serverPid(dataDir: string): Promise<number> {
  const text = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

function processes(): { pid: number; parent: number; uid: number }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,uid='], { encoding: 'utf8' });
  return lines
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0, uid = 0]) => ({ pid, parent, uid }));
}

async function isGone(pid: number): Promise<void> {
  await vi.waitFor(() => expect(processes().map((one) => one.pid)).not.toContain(pid), {
    timeout: 10_000,
    interval: 50,
  });
}

/** Starts the database in another process, which the test may kill. */
async function startOwner(dataDir: string): Promise<{ owner: ChildProcess; url: string }> {
  const fixture = fileURLToPath(new URL('embedded-owner.fixture.ts', import.meta.url));
  const owner = spawn(process.execPath, ['--import', 'tsx', fixture, dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // The end of its input is what stops it; its PostgreSQL has to be gone before the folder is.
  onTestFinished(async () => {
    if (owner.exitCode !== null || owner.signalCode !== null) return;
    owner.stdin.end();
    await once(owner, 'exit');
  });
  const [url] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  return { owner, url };
}

async function kill(owner: ChildProcess): Promise<void> {
  const exited = once(owner, 'exit');
  owner.kill('SIGKILL');
  await exited;
}

test('a first start makes a database that answers, whatever the environment says', async () => {
  const foreign = { PGDATA: '/nowhere', PGPORT: '1', PGHOST: 'nowhere', PGSSLMODE: 'require' };
  for (const [name, value] of Object.entries({ ...foreign, LC_ALL: 'xx_XX' })) {
    vi.stubEnv(name, value);
  }
  const folder = await makeFolder();
  const database = await start(join(folder, 'is', 'missing')).finally(() => vi.unstubAllEnvs());
  expect(database.version).toMatch(/^18\.\d+$/);
  expect(database.url).toMatch(/^postgresql:\/\/gatehouse:[\w-]{43}@127\.0\.0\.1:\d+\/gatehouse$/);
  const text = `SELECT lower('ÀÉÎÕÜ Ж'), current_database(), current_setting('server_encoding')`;
  expect(await query(database.url, text)).toEqual(['àéîõü ж', 'gatehouse', 'UTF8']);
  expect(await query(database.url, 'SHOW unix_socket_directories')).toEqual(['']);
  expect(await query(database.url, 'SHOW listen_addresses')).toEqual(['127.0.0.1']);
});

test('nobody but its user may read the password, and no other one is accepted', async () => {
  const folder = await makeFolder();
  const { url } = await start(folder);
  const { mode } = await stat(join(folder, 'postgres', 'password'));
  expect(mode & 0o777).toBe(0o600);
  const guess = url.replace(/:[\w-]{43}@/, ':guess@');
  await expect(query(guess, 'SELECT 1')).rejects.toThrow('password authentication failed');
});

test('data survives a stop and a start, and stopping twice is no harm', async () => {
  const folder = await makeUsedFolder();
  const first = await start(folder);
  await query(first.url, `CREATE TABLE kept AS SELECT 'here' AS value`);
  const pid = await serverPid(folder);
  await Promise.all([first.stop(), first.stop()]);
  await first.stop();
  await isGone(pid);
  const second = await start(folder);
  expect(await query(second.url, 'SELECT value FROM kept')).toEqual(['here']);
  expect(await readdir(folder)).toEqual(['postgres']);
});

test('PostgreSQL ends when its owner is killed, and the data is there at the next start', async () => {
  const folder = await makeUsedFolder();
  const { owner, url } = await startOwner(folder);
  await query(url, `CREATE TABLE kept AS SELECT 'here' AS value`);
  const pid = await serverPid(folder);
  await kill(owner);
  await isGone(pid);
  const next = await start(folder);
  expect(await query(next.url, 'SELECT value FROM kept')).toEqual(['here']);
});

test('a start right after the owner was killed waits for the old PostgreSQL to go', async () => {
  const folder = await makeUsedFolder();
  const { owner, url } = await startOwner(folder);
  await query(url, `CREATE TABLE kept AS SELECT 'here' AS value`);
  const pid = await serverPid(folder);
  await kill(owner);
  const next = await start(folder);
  expect(await query(next.url, 'SELECT value FROM kept')).toEqual(['here']);
  expect(await serverPid(folder)).not.toBe(pid);
  await isGone(pid);
});

test('an orphan that nobody was left to stop goes to exactly one of those who want it', async () => {
  const folder = await makeUsedFolder();
  const { owner, url } = await startOwner(folder);
  await query(url, `CREATE TABLE kept AS SELECT 'here' AS value`);
  const pid = await serverPid(folder);
  const shell = processes().find((one) => one.pid === pid)?.parent ?? 0;
  const watchers = processes().filter((one) => one.parent === shell && one.pid !== pid);
  expect(watchers).toHaveLength(1);
  // Held still, the owner can neither restart nor stop it while its helpers are killed.
  owner.kill('SIGSTOP');
  for (const helper of [...watchers.map((one) => one.pid), shell]) process.kill(helper, 'SIGKILL');
  await kill(owner);
  await sleep(1_500);
  expect(processes().map((one) => one.pid)).toContain(pid);
  const results = await Promise.allSettled([start(folder), start(folder), start(folder)]);
  const winners = results.filter((result) => result.status === 'fulfilled');
  expect(winners).toHaveLength(1);
  for (const { value } of winners) {
    expect(await query(value.url, 'SELECT value FROM kept')).toEqual(['here']);
  }
  await isGone(pid);
});

test('a second server on the same folder is refused and the first goes on', async () => {
  const folder = await makeUsedFolder();
  const { url } = await startOwner(folder);
  const pid = await serverPid(folder);
  await expect(start(folder)).rejects.toThrow(DataDirectoryInUse);
  await expect(start(folder)).rejects.toThrow(`already running on ${folder}`);
  expect(await query(url, 'SELECT 1')).toEqual([1]);
  expect(await serverPid(folder)).toBe(pid);
});

test('of simultaneous first starts exactly one wins', async () => {
  const folder = await makeFolder();
  const results = await Promise.allSettled([start(folder), start(folder), start(folder)]);
  const winners = results.filter((result) => result.status === 'fulfilled');
  const losers = results.filter((result) => result.status === 'rejected');
  expect(winners).toHaveLength(1);
  for (const loser of losers) expect(loser.reason).toBeInstanceOf(DataDirectoryInUse);
  for (const { value } of winners) expect(await query(value.url, 'SELECT 1')).toEqual([1]);
  expect(await readdir(folder)).toEqual(['postgres']);
});

test('the folder stays taken when the connection that holds the lock is lost', async () => {
  const folder = await makeUsedFolder();
  const { url } = await start(folder);
  const text = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'gatehouse-owner'`;
  expect(await query(url, text)).toEqual([true]);
  await expect(start(folder)).rejects.toThrow(DataDirectoryInUse);
  expect(await query(url, 'SELECT 1')).toEqual([1]);
});

test('a postmaster.pid whose number now belongs to another program is no obstacle', async () => {
  const folder = await makeUsedFolder();
  const data = join(folder, 'postgres', 'data');
  const { uid, gid } = await stat(data);
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore', ...(isRoot ? { uid, gid } : {}) });
  onTestFinished(() => void stranger.kill());
  const lines = [stranger.pid, data, 1, 15_432, '', '127.0.0.1', '1 1', 'ready', ''];
  await writeFile(join(data, 'postmaster.pid'), lines.join('\n'));
  const { url } = await start(folder);
  expect(await query(url, 'SELECT 1')).toEqual([1]);
  expect(stranger.exitCode).toBeNull();
});

test('a killed PostgreSQL comes back on the same port and is still ours', async () => {
  const folder = await makeUsedFolder();
  const { url } = await start(folder);
  await query(url, `CREATE TABLE kept AS SELECT 'here' AS value`);
  const pid = await serverPid(folder);
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(
    async () => expect(await query(url, 'SELECT value FROM kept')).toEqual(['here']),
    { timeout: 20_000, interval: 100 },
  );
  expect(await serverPid(folder)).not.toBe(pid);
  await expect(start(folder)).rejects.toThrow(DataDirectoryInUse);
});

test('a stop while PostgreSQL is being started again leaves nothing running', async () => {
  const folder = await makeUsedFolder();
  const database = await start(folder);
  process.kill(await serverPid(folder), 'SIGKILL');
  await sleep(250);
  await database.stop();
  await expect(query(database.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  // The file is gone when it was running again, and still the killed one's when it was not.
  const pid = await serverPid(folder).catch(() => 0);
  expect(processes().map((one) => one.pid)).not.toContain(pid);
});

test('a port that was taken in between is left to its owner and another one is used', async () => {
  const rival = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void rival.close());
  await once(rival, 'listening');
  const { port } = rival.address() as AddressInfo;
  const ports = [port, port, 16_543, 16_544, 16_545];
  const { url } = await start(await makeUsedFolder(), { choosePort: () => ports.shift() ?? 0 });
  expect(url).not.toContain(`:${port}/`);
  expect(await query(url, 'SELECT 1')).toEqual([1]);
});

test('a cluster of another major version is named and left alone', async () => {
  const folder = await makeUsedFolder();
  await writeFile(join(folder, 'postgres', 'data', 'PG_VERSION'), '17\n');
  await expect(start(folder)).rejects.toThrow(/was made by PostgreSQL 17, but .* PostgreSQL 18/);
});

test('a failed start says what PostgreSQL said last', async () => {
  const folder = await makeUsedFolder();
  await writeFile(join(folder, 'postgres', 'data', 'postgresql.conf'), 'no_such_setting = 1\n');
  await expect(start(folder)).rejects.toThrow(/did not start on .*no_such_setting/s);
});

test('a folder that holds something else is refused and left alone', async () => {
  const folder = await makeFolder();
  await mkdir(join(folder, 'postgres'));
  await writeFile(join(folder, 'postgres', 'photo.jpg'), '');
  await expect(start(folder)).rejects.toThrow('holds something other than a database');
  await expect(start(join(folder, 'postgres', 'photo.jpg'))).rejects.toThrow('cannot be used');
  expect(await readdir(join(folder, 'postgres'))).toEqual(['photo.jpg']);
});

test('others get in only when every folder on the way lets them', () => {
  expect(othersCanEnter([0o40755, 0o41777, 0o40711])).toBe(true);
  expect(othersCanEnter([0o40755, 0o40700, 0o40755])).toBe(false);
  expect(othersCanEnter([0o40754])).toBe(false);
});

test('PostgreSQL never runs as root, and as an ordinary user it runs as that user', async () => {
  const folder = await makeFolder();
  const closed = join(folder, 'closed');
  await mkdir(closed, { mode: 0o700 });
  const { directory } = await findBinaries();
  const version = `18.0.0-test-${randomBytes(4).toString('hex')}`;
  const binaries = { directory: join(closed, 'native'), version };
  await cp(directory, binaries.directory, { recursive: true, verbatimSymlinks: true });
  onTestFinished(() => rm(`/var/lib/gatehouse/postgresql-${version}`, removal));
  const database = await start(closed, { binaries });
  const home = await realpath(join(closed, 'postgres'));
  onTestFinished(() => rm(home, removal));
  await query(database.url, `CREATE TABLE kept AS SELECT 'here' AS value`);
  const pid = await serverPid(closed);
  const { uid } = processes().find((one) => one.pid === pid) ?? { uid: -1 };
  expect((await lstat(join(closed, 'postgres'))).isSymbolicLink()).toBe(isRoot);
  expect(dirname(home)).toBe(isRoot ? '/var/lib/gatehouse' : closed);
  if (isRoot) expect(uid).toBeGreaterThan(0);
  else expect(uid).toBe(process.getuid?.());
  await database.stop();
  const next = await start(closed, { binaries });
  expect(await query(next.url, 'SELECT value FROM kept')).toEqual(['here']);
});

const removal = { recursive: true, force: true };

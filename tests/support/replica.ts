import { chown, cp, mkdir, readdir, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import pg from 'pg';
import { findBinaries, shareBinaries } from '../../src/database/embedded-binaries.ts';
import { Supervised } from '../../src/database/embedded-process.ts';
import { freePort } from './redis-server.ts';

export interface Replica {
  readonly url: string;
  readonly port: number;
  /** Runs one statement there, as a superuser. */
  query<Row = Record<string, unknown>>(sql: string): Promise<Row[]>;
  stop(): Promise<void>;
}

/**
 * A streaming replica of the embedded server whose data is in `dataDir`, in a folder beside it. Made
 * by the functions that backups are made by, since the npm package has no pg_basebackup.
 */
export async function startReplica(primaryUrl: string, dataDir: string): Promise<Replica> {
  const source = await realpath(join(dataDir, 'postgres', 'data'));
  const target = join(dirname(dataDir), `${basename(dataDir)}-replica`);
  const label = await backUp(primaryUrl, source, target);
  const { hostname, port: primaryPort, username, password, pathname } = new URL(primaryUrl);
  const connection = `host=${hostname} port=${primaryPort} user=${username} password=${password}`;
  await Promise.all([
    mkdir(join(target, 'pg_wal', 'archive_status'), { recursive: true }),
    writeFile(join(target, 'backup_label'), label),
    writeFile(join(target, 'standby.signal'), ''),
    writeFile(join(target, 'postgresql.auto.conf'), `primary_conninfo = '${connection}'\n`),
  ]);
  const { uid, gid } = await stat(source);
  const account = process.getuid?.() === 0 ? { uid, gid } : null;
  if (account !== null) await giveAway(target, account);
  const port = await freePort();
  const server = await run(target, port, account);
  const url = `postgresql://${username}:${password}@127.0.0.1:${port}${pathname}`;
  return {
    url,
    port,
    query: (sql) => queryOnce(url, sql),
    stop: () => server.stop(),
  };
}

/** Copies the data of a server that runs; what it writes meanwhile the replica gets by streaming. */
async function backUp(primaryUrl: string, source: string, target: string): Promise<string> {
  const client = new pg.Client({ connectionString: primaryUrl });
  await client.connect();
  try {
    await client.query("SELECT pg_backup_start('replica', true)");
    const isLeftOut = (path: string) => /^(postmaster\.(pid|opts)$|pg_wal\/)/.test(path);
    await cp(source, target, {
      recursive: true,
      mode: 0,
      filter: (path) => !isLeftOut(relative(source, path)),
    });
    const { rows } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(false)',
    );
    return rows[0]?.labelfile ?? '';
  } finally {
    await client.end();
  }
}

async function giveAway(folder: string, { uid, gid }: { uid: number; gid: number }) {
  const names = await readdir(folder, { recursive: true });
  await Promise.all(['', ...names].map((name) => chown(join(folder, name), uid, gid)));
}

async function run(
  data: string,
  port: number,
  account: { uid: number; gid: number } | null,
): Promise<Supervised> {
  const found = await findBinaries();
  const { directory } = account === null ? found : await shareBinaries(found);
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
  let markReady = (): void => {};
  const ready = new Promise<true>((resolve) => (markReady = () => resolve(true)));
  const server = new Supervised({
    program: join(directory, 'bin', 'postgres'),
    parameters: ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    account,
    onLine: (line) => line.includes('ready to accept read-only connections') && markReady(),
  });
  if (await Promise.race([ready, server.exited.then(() => false)])) return server;
  throw new Error(`The replica did not start:\n${server.lastLines.join('\n')}`);
}

async function queryOnce<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const root = join(import.meta.dirname, '../..');

const environment = {
  HOST: '127.0.0.1',
  PORT: '0',
  BCRYPT_COST: '4',
  RATE_LIMITS: 'off',
  REQUIRE_CONFIRMED_EMAIL: 'false',
  // So few that the memory is full while the server warms up.
  SESSION_CACHE_SIZE: '50',
};

export interface SoakServer {
  readonly url: string;
  /** What it holds at this moment; null is not known on this system. */
  look(): Promise<Record<string, number>>;
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** The built server as a process of its own, on an embedded database in a folder of its own. */
export async function startSoakServer(): Promise<SoakServer> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'gatehouse-soak-'));
  await chmod(folder, 0o755);
  const { PATH = '', NODE_OPTIONS = '' } = process.env;
  const child = spawn(process.execPath, [join(root, 'dist/main.js')], {
    env: { ...environment, PATH, NODE_OPTIONS, DATA_DIR: join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (printed += text));
  const exited = once(child, 'exit');
  let url: string | undefined;
  while (url === undefined) {
    if (child.exitCode !== null) throw new Error(`The server did not start:\n${printed}`);
    await pause(50);
    url = printed.includes('Database ') ? /(http\S+)\/graphql/.exec(printed)?.[1] : undefined;
  }
  const address = url;
  const client = new pg.Client({ connectionString: await databaseUrl(join(folder, 'data')) });
  await client.connect();
  const query = async <Row>(sql: string, values: readonly unknown[] = []) =>
    (await client.query(sql, [...values])).rows as Row[];
  return {
    url: address,
    query,
    look: async () => ({
      ...(await figures(address, child.pid ?? 0)),
      ...(await connections(query)),
    }),
    async stop() {
      await client.end();
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function databaseUrl(dataDir: string): Promise<string> {
  const home = join(dataDir, 'postgres');
  const password = (await readFile(join(home, 'password'), 'utf8')).trim();
  const [, , , port] = (await readFile(join(home, 'data', 'postmaster.pid'), 'utf8')).split('\n');
  return `postgresql://gatehouse:${password}@127.0.0.1:${port}/gatehouse`;
}

const megabyte = 1024 * 1024;

async function figures(url: string, pid: number): Promise<Record<string, number>> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const figure = (name: string) =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0);
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []); // where there is no /proc, none
  return {
    'resident MB': figure('process_resident_memory_bytes') / megabyte,
    'heap MB': figure('nodejs_heap_size_used_bytes') / megabyte,
    'external MB': figure('nodejs_external_memory_bytes') / megabyte,
    'active resources': figure('nodejs_active_resources_total'),
    'open files': files.length,
  };
}

async function connections(query: SoakServer['query']): Promise<Record<string, number>> {
  const [row] = await query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity WHERE application_name LIKE 'gatehouse%'`,
  );
  return { connections: row?.count ?? 0 };
}

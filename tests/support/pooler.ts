import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from './mailbox.ts';
import { startPoolerDouble, type Pooler } from './pooler-double.ts';
import { freePort } from './redis-server.ts';

const hasPgBouncer = spawnSync('pgbouncer', ['--version']).status === 0;

/** What tests can run against here: always the double, and the real one where it is installed. */
export const poolerKinds: readonly ('real' | 'double')[] = hasPgBouncer
  ? ['double', 'real']
  : ['double'];

/** A pooler that hands each transaction to another connection, in front of this database. */
export function startPooler(kind: 'real' | 'double', databaseUrl: string): Promise<Pooler> {
  return kind === 'real' ? startPgBouncer(databaseUrl) : startPoolerDouble(databaseUrl);
}

async function startPgBouncer(databaseUrl: string): Promise<Pooler> {
  const { hostname, port: databasePort, username, password, pathname } = new URL(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-pgbouncer-'));
  const port = await freePort();
  const target = `host=${hostname} port=${databasePort} user=${username} password=${password}`;
  const settings = join(folder, 'pgbouncer.ini');
  await writeFile(
    settings,
    [
      '[databases]',
      `* = ${target}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      'pool_mode = transaction',
      'default_pool_size = 2',
    ].join('\n'),
  );
  // It does not run as root, and whom it becomes has to read its settings.
  await chmod(folder, 0o755);
  const asUser = process.getuid?.() === 0 ? ['--user', 'postgres'] : [];
  const child = spawn('pgbouncer', [...asUser, settings], { stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill); // a test that throws must not leave it behind
  const exited = once(child, 'exit');
  await poll(10_000, 'pgbouncer did not start', () => accepts(port));
  return {
    url: `postgresql://${username}@127.0.0.1:${port}${pathname}`,
    async stop() {
      kill();
      await exited;
      process.off('exit', kill);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function accepts(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(undefined));
  });
}

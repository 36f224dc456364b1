import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startRedisDouble } from './redis-double.ts';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** What tests can run against here: always the double, and the real server where there is one. */
export const redisKinds: readonly ('real' | 'double')[] = hasRedis
  ? ['real', 'double']
  : ['double'];

/** A Redis of its own for a test, empty and gone afterwards; on `port` when it is to come back. */
export async function startRedisServer(
  options: { kind?: 'real' | 'double'; port?: number } = {},
): Promise<RedisServer> {
  const kind = options.kind ?? (hasRedis ? 'real' : 'double');
  const port = options.port ?? (await freePort());
  const stop = kind === 'real' ? await startRealRedis(port) : await startRedisDouble(port);
  return { url: `redis://127.0.0.1:${port}`, port, stop };
}

async function startRealRedis(port: number): Promise<() => Promise<void>> {
  const directory = mkdtempSync(path.join(tmpdir(), 'gatehouse-redis-'));
  const settings = { bind: '127.0.0.1', port: String(port), dir: directory, save: '' };
  const child = spawn(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  // A test that throws must not leave the server behind.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit');

  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve();
    });
    child.once('exit', () => reject(new Error(`redis-server did not start:\n${output}`)));
  });
  return async () => {
    kill();
    await exited;
    process.off('exit', kill);
    rmSync(directory, { recursive: true, force: true });
  };
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

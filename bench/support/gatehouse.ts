import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { limitNames } from '../../src/limits.ts';
import { getRequest, HttpConnection } from './http-connection.ts';

const root = path.resolve(import.meta.dirname, '../..');
const startDeadlineMilliseconds = 120_000;
const stopDeadlineMilliseconds = 60_000;

export interface RunningGatehouse {
  readonly url: string;
  /** From the start of the process to the answer of `/readyz`, in milliseconds. */
  readonly startedIn: number;
  /** Bytes resident in memory, as `/metrics` tells. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

export function buildGatehouse(): void {
  execFileSync(process.execPath, ['build.mjs'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/**
 * As an operator runs it, except that nothing is limited: in production mode, where RATE_LIMITS
 * cannot be off as a whole, every limit is off by itself.
 */
export const gatehouseSettings = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PORT: '0',
  LOG_LEVEL: 'error',
  MALLOC_MMAP_THRESHOLD_: '131072', // as `npm start`
  APP_SECRET: 'the secret of a bench that keeps none',
  // Nothing listens there: mail waits, and is thrown away with the database.
  SMTP_URL: 'smtp://127.0.0.1:9',
  ...Object.fromEntries(limitNames.map((name) => [`RATE_LIMIT_${name}`, '0'])),
};

const running = new Set<ChildProcess>();
let interrupted = false;

/** Ends every server and starts no more, so that the run fails and cleans up behind itself. */
function interrupt(): void {
  interrupted = true;
  for (const child of running) child.kill('SIGTERM');
}

process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('exit', interrupt);

/** Starts the built server as a process and waits for its first answer. */
export async function startGatehouse(
  environment: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Promise<RunningGatehouse> {
  if (interrupted) throw new Error('Interrupted.');
  const { PATH = '', HOME = '' } = process.env;
  const spawnedAt = performance.now();
  const options = ['--enable-source-maps', '--max-semi-space-size=8', ...nodeOptions]; // as `npm start`
  const child = spawn(process.execPath, [...options, 'dist/main.js'], {
    cwd: root,
    env: { PATH, HOME, ...gatehouseSettings, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const exited = once(child, 'exit').finally(() => running.delete(child));
  const stop = () => stopChild(child, exited);
  try {
    const url = await within(startDeadlineMilliseconds, announcedUrl(child, exited));
    await get(url, '/readyz');
    const startedIn = performance.now() - spawnedAt;
    return { url: url.href, startedIn, memory: () => residentMemory(url), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function announcedUrl(child: ChildProcess, exited: Promise<unknown>): Promise<URL> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('The output of the server is not read.');
    createInterface(child.stdout).on('line', (line) => {
      const url = /^Gatehouse +(http:\S+)\/graphql$/.exec(line)?.[1];
      if (url !== undefined) resolve(new URL(url));
    });
    exited.then(() => reject(new Error('Gatehouse ended before it was ready.')), reject);
  });
}

async function stopChild(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMilliseconds);
  await exited;
  clearTimeout(timer);
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `Not done within ${milliseconds / 1000} s.`;
    timer = setTimeout(() => reject(new Error(message)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function get(url: URL, path: string): Promise<string> {
  const connection = new HttpConnection(url);
  const { status, body } = await connection.request(getRequest(url, path));
  connection.close();
  if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${body}`);
  return body;
}

async function residentMemory(url: URL): Promise<number> {
  const metrics = await get(url, '/metrics');
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]);
}

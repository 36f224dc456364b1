import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Client } from './client.ts';

const program = join(import.meta.dirname, '../../dist/main.js');
// A first start makes a database; on a busy machine that takes its time.
const startMilliseconds = 60_000;

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server as operators run it: its own process, from the build. */
export interface ServerProcess {
  /** Everything it has printed so far, on both of its outputs. */
  printed(): string;
  /** Resolves when it has announced itself; rejects when it ends before. */
  readonly started: Promise<{ readonly url: string; readonly client: Client }>;
  readonly exited: Promise<Exit>;
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
}

/** Starts `node dist/main.js` with exactly this environment. It is gone after the test. */
export function startProcess(environment: Readonly<Record<string, string>>): ServerProcess {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => void (output += text));
  }
  const exited = once(child, 'close').then(([code, signal]): Exit => ({
    code: code as Exit['code'],
    signal: signal as Exit['signal'],
  }));
  onTestFinished(async () => {
    await stopKindly(child, exited);
  });
  const started = announced(child, () => output);
  started.catch(() => undefined); // a test of a start that fails does not ask
  return {
    printed: () => output,
    started,
    exited,
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
  };
}

async function announced(child: ChildProcess, printed: () => string) {
  const deadline = Date.now() + startMilliseconds;
  for (;;) {
    const [, url] = /^Gatehouse +(\S+)\/graphql$/m.exec(printed()) ?? [];
    if (url !== undefined && printed().includes('Database '))
      return { url, client: new Client(url) };
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      throw new Error(`The server did not start:\n${printed()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** By signal first, so that it ends its database with itself. */
async function stopKindly(child: ChildProcess, exited: Promise<Exit>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => void child.kill('SIGKILL'), 20_000);
  await exited;
  clearTimeout(timer);
}

/** A folder for data that everybody may enter, as the account of the database must. */
export async function makeDataDir(): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'gatehouse-process-'));
  await chmod(folder, 0o755);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'data');
}

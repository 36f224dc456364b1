import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Client } from './client.ts';
import { keepPrinted, keepSecretsOfEnvironment } from './secrets.ts';
import { placeUsedData } from './used-data.ts';

const programs = join(import.meta.dirname, '../../dist');
// A first start makes a database; on a busy machine that takes its time.
const startMilliseconds = 60_000;

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program as operators run it: its own process, from the build. */
interface RunningProcess {
  /** Everything it has printed so far, on both of its outputs. */
  readonly printed: () => string;
  readonly exited: Promise<Exit>;
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
}

export interface ServerProcess extends RunningProcess {
  /** Resolves when it has announced itself; rejects when it ends before. */
  readonly started: Promise<{ readonly url: string; readonly client: Client }>;
}

export interface WorkerProcess extends RunningProcess {
  /** Resolves when it has announced itself; rejects when it ends before. */
  readonly started: Promise<unknown>;
}

/** Starts `node dist/main.js` with exactly this environment. It is gone after the test. */
export function startProcess(environment: Readonly<Record<string, string>>): ServerProcess {
  return serverOf(run([process.execPath, join(programs, 'main.js')], serving(environment)));
}

/**
 * Starts the same by `npm start`, without building again. As in a terminal, npm and what it starts
 * are a group of processes, which signals can be sent to by the negative of npm's number.
 */
export function startByNpm(environment: Readonly<Record<string, string>>): ServerProcess {
  return serverOf(run(['npm', 'start', '--ignore-scripts'], serving(environment), true));
}

const serving = (environment: Readonly<Record<string, string>>) => ({
  HOST: '127.0.0.1',
  PORT: '0',
  ...environment,
});

function serverOf(running: Run): ServerProcess {
  const started = announced(running, (printed) => {
    const [, url] = /^Gatehouse +(\S+)\/graphql$/m.exec(printed) ?? [];
    return url === undefined || !printed.includes('Database ')
      ? undefined
      : { url, client: new Client(url) };
  });
  return { ...running.process, started };
}

/** Starts `node dist/worker.js` with exactly this environment. It is gone after the test. */
export function startWorkerProcess(environment: Readonly<Record<string, string>>): WorkerProcess {
  const running = run([process.execPath, join(programs, 'worker.js')], environment);
  const started = announced(running, (printed) => /^Worker /m.test(printed) || undefined);
  return { ...running.process, started };
}

interface Run {
  readonly child: ChildProcess;
  readonly process: RunningProcess;
}

function run(
  [program = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
  detached = false,
): Run {
  keepSecretsOfEnvironment(environment);
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
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
    keepPrinted('program', output);
  });
  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  return { child, process: { printed: () => output, exited, pid: child.pid ?? 0, kill } };
}

/** What `find` reads in what was printed, once it is there. A test of a failing start need not ask. */
function announced<T>({ child, process: { printed } }: Run, find: (text: string) => T | undefined) {
  const found = (async () => {
    const deadline = Date.now() + startMilliseconds;
    for (;;) {
      const announcement = find(printed());
      if (announcement !== undefined) return announcement;
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
        throw new Error(`The program did not start:\n${printed()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  found.catch(() => undefined);
  return found;
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

/** The same with a database in it already, so that a server starts at once. */
export async function makeUsedDataDir(): Promise<string> {
  const dataDir = await makeDataDir();
  await placeUsedData(dataDir);
  return dataDir;
}

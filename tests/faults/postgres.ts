import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { inject } from 'vitest';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../../src/database/embedded.ts';
import { connectTo, type TestDatabase } from '../support/database.ts';

/** A PostgreSQL of its own, that can be done to what no other test would bear. */
export interface Victim {
  /** For servers, and for looking into it. It drops nothing. */
  readonly database: TestDatabase;
  /** PostgreSQL's own data folder. */
  readonly data: string;
  stop(): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
  /** Nothing of it runs any more, and nothing is closed: as a machine that is paused. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

export async function startVictim(
  name: string,
  folder = inject('temporaryFolder'),
): Promise<Victim> {
  const dataDir = join(folder, name);
  const data = join(dataDir, 'postgres', 'data');
  const port = randomInt(15_000, 32_768);
  const log = pino({ level: 'silent' });
  const begin = () => startEmbeddedDatabase({ dataDir, log, choosePort: () => port });
  let running: EmbeddedDatabase = await begin();
  const database = connectTo(running.url);
  const signal = async (name: 'SIGSTOP' | 'SIGCONT') => {
    for (const pid of await processesOf(data)) process.kill(pid, name);
  };
  return {
    database,
    data,
    start: async () => void (running = await begin()),
    stop: () => running.stop(),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async remove() {
      await database.drop();
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The server's processes, the one first that starts the others. */
async function processesOf(data: string): Promise<number[]> {
  const parent = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const children = listed
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, ppid]) => ppid === parent)
    .map(([pid = 0]) => pid);
  return [parent, ...children];
}

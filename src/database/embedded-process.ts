import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where the tools of a POSIX system are, whatever PATH the host has set. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What keeps the embedded database from starting. Its message is written for the operator. */
export class EmbeddedDatabaseError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'EmbeddedDatabaseError';
  }
}

/** The operating system's user that PostgreSQL runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** A program to run. `account` is null for our own; `onLine` hears what it prints. */
export interface Command {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly account: Account | null;
  readonly onLine: (line: string) => void;
}

/**
 * Ties a program to our life. Its standard input is a pipe whose other end only we hold, so the
 * kernel closes it however we end, `kill -9` included; then the program is interrupted, which
 * PostgreSQL takes as a fast shutdown. It is interrupted every second because a program that has
 * only just been started may not listen yet, and told to quit at once after a minute.
 *
 * The shell is deaf to the signals that service managers send to whole groups, as we decide the
 * end. The watcher lets go of the outputs, or they would stay open for as long as it sleeps.
 */
const supervisor = `
trap '' INT TERM HUP
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
(
  exec </dev/null >/dev/null 2>&1
  read -r line <&3
  exec 3<&-
  seconds=0
  while kill -INT "$child"; do
    [ "$seconds" -eq 60 ] && kill -QUIT "$child"
    seconds=$((seconds + 1))
    sleep 1
  done
) &
watcher=$!
exec 3<&- </dev/null
wait "$child"
status=$?
kill -KILL "$watcher"
wait "$watcher" 2>/dev/null
exit "$status"
`;

/** How many of the last lines are kept for the error message. */
const keptLines = 15;

/** How long the last lines may take after the end; a left-over child can hold the pipe open. */
const lastLinesMilliseconds = 200;

/** A program that ends when we do. */
export class Supervised {
  /** Resolves with how it ended, for people to read. */
  readonly exited: Promise<string>;
  readonly lastLines: string[] = [];
  #hasEnded = false;
  readonly #shell: ChildProcess;

  constructor(command: Command) {
    const { program, parameters, account, onLine } = command;
    this.#shell = spawnShell(['-c', supervisor, 'gatehouse', program, ...parameters], account);
    this.#shell.stdin?.on('error', () => {});
    this.#listen(this.#shell.stdout, onLine);
    this.#listen(this.#shell.stderr, onLine);
    this.exited = this.#awaitExit();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Ends the program and resolves when it is gone. May be called more than once. */
  async stop(): Promise<void> {
    this.#shell.stdin?.destroy();
    await this.exited;
  }

  #listen(stream: Readable | null, onLine: (line: string) => void): void {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (line) => {
      if (line === '') return;
      this.lastLines.push(line);
      if (this.lastLines.length > keptLines) this.lastLines.shift();
      onLine(line);
    });
  }

  async #awaitExit(): Promise<string> {
    const closed = once(this.#shell, 'close').catch(() => {});
    try {
      const [code, signal] = (await once(this.#shell, 'exit')) as [number | null, string | null];
      await Promise.race([closed, sleep(lastLinesMilliseconds)]);
      return signal === null ? `exit code ${code}` : `signal ${signal}`;
    } catch (error) {
      return `it could not be run: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      this.#hasEnded = true;
      for (const stream of this.#shell.stdio) stream?.destroy();
    }
  }
}

function spawnShell(parameters: readonly string[], account: Account | null): ChildProcess {
  try {
    return spawn('/bin/sh', parameters, {
      // A folder that every user may enter; ours may be closed to the account.
      cwd: '/',
      // Nothing of the host's PGDATA, PGPORT or LC_ALL may reach PostgreSQL.
      env: { PATH: systemPath, LC_ALL: 'C', LANG: 'C', TZ: 'UTC' },
      // A session of its own: Ctrl-C in a terminal is for us, and we stop the database last.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...account,
    });
  } catch (error) {
    const who = account === null ? 'our own user' : `the user with the number ${account.uid}`;
    throw new EmbeddedDatabaseError(`The system does not let us run programs as ${who}`, error);
  }
}

/** A program ended that should have gone on, or failed at its work. */
export class ProgramFailure extends EmbeddedDatabaseError {
  readonly output: string;

  constructor(what: string, how: string, lines: readonly string[]) {
    const output = lines.join('\n');
    const isFull = /No space left on device|Check free disk space/.test(output);
    const full = isFull ? 'The disk is full. ' : '';
    super(`${full}${what} (${how}).${output === '' ? '' : ` Its last lines:\n${output}`}`);
    this.output = output;
  }

  /**
   * Another server has come between: one that another Gatehouse started or that is still on its
   * way out, or another Gatehouse took ours, not locked yet, for an orphan and ended it.
   */
  get isFolderTaken(): boolean {
    return /lock file ".*" (already exists|is empty)|pre-existing shared memory|shutdown request/.test(
      this.output,
    );
  }

  /** Another program took the port after it was chosen. */
  get isPortTaken(): boolean {
    return /could not create any TCP\/IP sockets|Address already in use/.test(this.output);
  }
}

/** Runs a program to its end, which must be a good one. */
export async function runToEnd(command: Command): Promise<void> {
  const run = new Supervised(command);
  const how = await run.exited;
  if (how !== 'exit code 0') {
    throw new ProgramFailure(`${command.program} failed`, how, run.lastLines);
  }
}

/** Whether a process of this number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import bcryptjs from 'bcryptjs';
import { onTestFinished } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { password } from '../support/people.ts';
import { keepPrinted, keepSecretsOfEnvironment } from '../support/secrets.ts';

const program = join(import.meta.dirname, '../../dist/cli.js');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandProcess {
  readonly finished: Promise<Outcome>;
  kill(signal: NodeJS.Signals): void;
}

type Environment = Readonly<Record<string, string>>;

/** Starts `gatehouse` with these arguments, as a process with exactly this environment. */
export function startCommand(
  args: readonly string[],
  environment: Environment = {},
  input: string | Buffer = '',
): CommandProcess {
  keepSecretsOfEnvironment(environment);
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH ?? '', BCRYPT_COST: '4', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined); // it need not read to the end
  child.stdin.end(input);
  const closed = once(child, 'close');
  const finished = Promise.all([text(child.stdout), text(child.stderr), closed]).then(
    ([stdout, stderr]) => {
      keepPrinted('command', stderr);
      return { code: child.exitCode, stdout, stderr };
    },
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await finished;
  });
  return { finished, kill: (signal) => void child.kill(signal) };
}

/** Runs `gatehouse` to its end. */
export function runCommand(
  args: readonly string[],
  environment: Environment = {},
  input: string | Buffer = '',
): Promise<Outcome> {
  return startCommand(args, environment, input).finished;
}

/** A migrated database for one test. */
export async function makeDatabase(options?: { empty: boolean }): Promise<TestDatabase> {
  const database = await createTestDatabase(options);
  onTestFinished(() => database.drop());
  return database;
}

/** A folder for one test, and files in it. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function makeFile(name: string, content: string | Buffer): Promise<string> {
  const file = join(await makeFolder(), name);
  await writeFile(file, content);
  return file;
}

/** A hash of `password` as another system would have made it. */
export const oldHash = bcryptjs.hashSync(password, 4).replace('$2b$', '$2y$');

export const ndjson = (rows: readonly unknown[]) =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** What `import --json` prints. */
export interface ImportOutcome {
  readonly read: number;
  readonly imported: number;
  readonly skipped: number;
  readonly refused: number;
  readonly dryRun: boolean;
  readonly interrupted: boolean;
  readonly refusedRows: readonly {
    readonly line: number;
    readonly email: string | null;
    readonly errors: readonly { readonly field: string | null; readonly code: string }[];
  }[];
}

/** Imports text from standard input. */
export async function importText(
  database: TestDatabase,
  format: 'csv' | 'ndjson',
  input: string | Buffer,
  options: readonly string[] = [],
): Promise<Outcome & { readonly outcome: ImportOutcome }> {
  const args = ['import', '-', '--format', format, '--json', ...options];
  const result = await runCommand(args, { DATABASE_URL: database.url }, input);
  const outcome = JSON.parse(result.stdout || '{}') as ImportOutcome;
  return { ...result, outcome };
}

/** Line, and field and code of each reason, of every refused row. */
export function reasons({ refusedRows }: ImportOutcome): string[] {
  return refusedRows.flatMap(({ line, errors }) =>
    errors.map(({ field, code }) => `${line} ${field ?? 'row'} ${code}`),
  );
}

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { exitCode, UsageError, type Command, type ExitCode } from './command.ts';
import { explainFailure } from './failure.ts';
import { helpOf, overview } from './help.ts';
import { Output } from './output.ts';

interface Entry {
  readonly summary: string;
  /** Loaded when it is called: the help of all of them has to be there at once. */
  load(): Promise<Command>;
}

const commands: Readonly<Record<string, Entry>> = {
  migrate: {
    summary: 'bring the schema of the database up to date',
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  'create-owner': {
    summary: 'make the Owner of an installation, or bring back a lost one',
    load: async () => (await import('./create-owner.ts')).createOwnerCommand,
  },
  import: {
    summary: 'make users from CSV or NDJSON, with the bcrypt hashes they have',
    load: async () => (await import('./import-users.ts')).importCommand,
  },
  export: {
    summary: 'write all users as CSV or NDJSON',
    load: async () => (await import('./export-users.ts')).exportCommand,
  },
  'roles:backfill': {
    summary: 'give a role to every user who has none',
    load: async () => (await import('./roles-backfill.ts')).rolesBackfillCommand,
  },
};

const summaries = Object.entries(commands).map(([name, { summary }]) => ({ name, summary }));

/** What every command understands. */
const standardOptions = {
  help: { type: 'boolean', short: 'h', help: 'show this' },
  json: { type: 'boolean', help: 'tell the outcome as JSON on standard output' },
  quiet: { type: 'boolean', short: 'q', help: 'tell only what went wrong' },
} as const;

/** Runs what the arguments ask for, and answers with what the process has to end with. */
export async function runCommandLine(args: readonly string[]): Promise<ExitCode> {
  const [name = '--help', ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') return show(overview(summaries));
  if (name === '--version' || name === '-V') return show(`gatehouse ${version()}`);
  try {
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (entry === undefined) throw new UsageError(`There is no command "${name}".`);
    return await runCommand(name, await entry.load(), rest);
  } catch (error) {
    process.stderr.write(`gatehouse: ${explainFailure(error)}\n`);
    if (!(error instanceof UsageError)) return exitCode.failed;
    const known = Object.hasOwn(commands, name) ? `${name} ` : '';
    process.stderr.write(`See: gatehouse ${known}--help\n`);
    return exitCode.usage;
  }
}

async function runCommand(name: string, command: Command, args: string[]): Promise<ExitCode> {
  const { values, positionals } = parse(command, args);
  if (values.help === true) return show(helpOf(name, command, standardOptions));
  const { operands } = command;
  if (positionals.length !== operands.length) {
    const wanted = operands.length === 0 ? 'nothing' : operands.join(' ');
    throw new UsageError(`${name} takes ${wanted} beside its options.`);
  }
  const output = new Output(values.json === true, values.quiet === true);
  const interruption = new AbortController();
  // Once: a second signal ends the process as it would any other.
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await command.run({
      operands: positionals,
      options: values,
      output,
      signal: interruption.signal,
    });
  } finally {
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
  }
}

function parse(command: Command, args: string[]) {
  const options = { ...standardOptions, ...command.options };
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return {
      values: values as Readonly<Record<string, string | boolean | undefined>>,
      positionals,
    };
  } catch (error) {
    // Node's own words are good, but for the advice on positional arguments that may follow.
    const [message = ''] = error instanceof Error ? error.message.split('. To specify') : [];
    throw new UsageError(`${message.replace(/\.$/, '')}.`);
  }
}

function show(text: string): ExitCode {
  process.stdout.write(`${text}\n`);
  return exitCode.done;
}

function version(): string {
  // Beside `dist` as well as beside `src`.
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

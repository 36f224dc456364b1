import type { Output } from './output.ts';

/** What a command ends with. Documented in docs/command-line.md; scripts rely on it. */
export const exitCode = { done: 0, failed: 1, usage: 2, refusedRows: 3, interrupted: 130 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** What a command was called with. */
export interface Call {
  /** What stands without a name, as many as the command asks for. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly output: Output;
  /** Aborted when the operator wants an end. */
  readonly signal: AbortSignal;
}

/** A command: how it is called, what the help tells, and what it does. */
export interface Command {
  /** The names of the operands, such as `FILE`; all of them have to be given. */
  readonly operands: readonly string[];
  /** What it does, for its help. */
  readonly description: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  run(call: Call): Promise<ExitCode>;
}

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly help: string;
  /** What the value is, such as `FILE`; absent for what is only switched on. */
  readonly value?: string;
}

/** The call cannot be understood: exit code 2, and a word on where to find help. */
export class UsageError extends Error {}

/** The command cannot do its work for a reason the operator can mend. */
export class CommandError extends Error {}

/** The text of an option that takes one, or undefined. */
export function textOption({ options }: Call, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

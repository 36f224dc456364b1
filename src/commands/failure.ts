import { Refusal } from '../errors.ts';
import { explain } from '../process/process.ts';
import { CommandError, UsageError } from './command.ts';

/** Why a command failed: what an operator can mend in words, anything else with its stack. */
export function explainFailure(error: unknown): string {
  if (error instanceof CommandError || error instanceof UsageError) return error.message;
  if (error instanceof Refusal) return error.errors.map(describe).join('\n');
  return explain(error);
}

function describe({ field, code, message }: Refusal['errors'][number]): string {
  return field === null ? `${message} (${code})` : `${field} ${message} (${code})`;
}

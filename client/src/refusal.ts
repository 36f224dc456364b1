import type { ErrorCode } from './types.ts';

/** One reason why nothing was changed. */
export interface UserError {
  readonly code: ErrorCode;
  /** The path of the input that it is about, `input.email`; null when it is about none. */
  readonly field: string | null;
  readonly message: string;
}

interface Payload {
  readonly errors: readonly UserError[];
}

interface Refusal {
  readonly errors: readonly [UserError, ...UserError[]];
}

/** Whether an operation was refused: then there is a first error, and nothing has changed. */
export function isRefused<Result extends Payload>(result: Result): result is Result & Refusal {
  return result.errors.length > 0;
}

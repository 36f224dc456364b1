/**
 * The two ways a call can end other than well, and nothing else is thrown on purpose:
 *
 * - a `Refusal` is an expected outcome the caller can act on (a taken address, a wrong password).
 *   Services throw it; the throw rolls the transaction back; one schema transformer turns it into
 *   the payload's `errors`.
 * - a `Denial` is what the caller cannot mend in the input (not signed in, not allowed, too often).
 *   It becomes a top-level GraphQL error with the code in `extensions.code`.
 *
 * Everything else is a fault: masked for the caller, logged with the request id.
 */
export enum ErrorCode {
  REQUIRED = 'REQUIRED',
  INVALID = 'INVALID',
  TOO_SHORT = 'TOO_SHORT',
  TOO_LONG = 'TOO_LONG',
  TAKEN = 'TAKEN',
  UNCHANGED = 'UNCHANGED',
  MISMATCH = 'MISMATCH',
  TOO_COMMON = 'TOO_COMMON',
  INVALID_CREDENTIALS = 'INVALID_CREDENTIALS',
  ACCOUNT_INACTIVE = 'ACCOUNT_INACTIVE',
  INVALID_TOKEN = 'INVALID_TOKEN',
  ALREADY_CONFIRMED = 'ALREADY_CONFIRMED',
  NOT_FOUND = 'NOT_FOUND',
  ROLE_NOT_FOUND = 'ROLE_NOT_FOUND',
  OWNER_ROLE_PROTECTED = 'OWNER_ROLE_PROTECTED',
  ASSIGNMENT_NOT_FOUND = 'ASSIGNMENT_NOT_FOUND',
  CANNOT_REMOVE_LAST_OWNER = 'CANNOT_REMOVE_LAST_OWNER',
  CANNOT_DEACTIVATE_LAST_OWNER = 'CANNOT_DEACTIVATE_LAST_OWNER',
  NO_ROLE_TO_DEMOTE = 'NO_ROLE_TO_DEMOTE',
  SYSTEM_ROLE_PROTECTED = 'SYSTEM_ROLE_PROTECTED',
  ROLE_IN_USE = 'ROLE_IN_USE',
  INSUFFICIENT_PERMISSIONS = 'INSUFFICIENT_PERMISSIONS',
  UNSUPPORTED_FILE = 'UNSUPPORTED_FILE',
  FILE_TOO_LARGE = 'FILE_TOO_LARGE',
  FINGERPRINT_MISMATCH = 'FINGERPRINT_MISMATCH',
  UNKNOWN_FIELD = 'UNKNOWN_FIELD',
}

/** One reason why nothing was changed. `field` is the path of the input it belongs to, in dots. */
export interface UserError {
  readonly code: ErrorCode;
  readonly field: string | null;
  readonly message: string;
}

/** A violation: what has to be there is missing, or nothing but blanks. */
export const blank = (field: string): UserError => ({
  code: ErrorCode.REQUIRED,
  field,
  message: 'must not be blank',
});

/** A violation: the value does not have the form it must have. */
export const invalid = (field: string, message: string): UserError => ({
  code: ErrorCode.INVALID,
  field,
  message,
});

/** An expected outcome; carries every violation found, not just the first. */
export class Refusal extends Error {
  constructor(readonly errors: readonly UserError[]) {
    super(errors.map((error) => error.code).join(', '));
    this.name = 'Refusal';
  }
}

/** Ends a service function with a single reason. */
export function refuse(code: ErrorCode, field: string | null, message: string): never {
  throw new Refusal([{ code, field, message }]);
}

export type DenialCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'EMAIL_NOT_CONFIRMED'
  | 'RATE_LIMITED'
  | 'SERVER_BUSY'
  | 'BAD_USER_INPUT';

/** What the caller cannot mend in the input. `details` join `extensions` beside the code. */
export class Denial extends Error {
  constructor(
    readonly code: DenialCode,
    message: string,
    readonly details: Readonly<Record<string, string | number>> = {},
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'Denial';
  }
}

/** The denial of what is for users who are signed in. */
export const signInFirst = () => new Denial('UNAUTHENTICATED', 'Sign in first.');

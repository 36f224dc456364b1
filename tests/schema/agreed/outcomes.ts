import type { Agreement } from './agreement.ts';

/** How operations tell what they did. */
export const outcomes: Agreement = {
  types: {
    Validation: ['valid: Boolean!', 'errors: [UserError!]!'],
    UserError: ['code: ErrorCode!', 'field: String', 'message: String!'],
    EmptyPayload: ['errors: [UserError!]!'],
  },
  enums: {
    ErrorCode: [
      'REQUIRED',
      'INVALID',
      'TOO_SHORT',
      'TOO_LONG',
      'TAKEN',
      'UNCHANGED',
      'MISMATCH',
      'INVALID_CREDENTIALS',
      'ACCOUNT_INACTIVE',
      'INVALID_TOKEN',
      'ALREADY_CONFIRMED',
      'NOT_FOUND',
      'ROLE_NOT_FOUND',
      'OWNER_ROLE_PROTECTED',
      'ASSIGNMENT_NOT_FOUND',
      'CANNOT_REMOVE_LAST_OWNER',
      'CANNOT_DEACTIVATE_LAST_OWNER',
      'NO_ROLE_TO_DEMOTE',
      'SYSTEM_ROLE_PROTECTED',
      'ROLE_IN_USE',
      'INSUFFICIENT_PERMISSIONS',
      'UNSUPPORTED_FILE',
      'FILE_TOO_LARGE',
      'FINGERPRINT_MISMATCH',
      'UNKNOWN_FIELD',
    ],
  },
};

/** Why a request brought no result. The last two are not of Gatehouse: nothing came, or something else. */
export type RequestErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'EMAIL_NOT_CONFIRMED'
  | 'RATE_LIMITED'
  | 'SERVER_BUSY'
  | 'BAD_USER_INPUT'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'PAYLOAD_TOO_LARGE'
  | 'INTERNAL_SERVER_ERROR'
  | 'UNREACHABLE'
  | 'NO_ANSWER';

interface Details {
  readonly status?: number | undefined;
  readonly limit?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** What cannot be mended in the input. What can be is in the `errors` of a result. */
export class GatehouseError extends Error {
  override readonly name = 'GatehouseError';
  readonly code: RequestErrorCode;
  /** The HTTP status, when there was a response. */
  readonly status: number | undefined;
  /** Of `RATE_LIMITED`: the name of the limit. */
  readonly limit: string | undefined;
  /** Of `RATE_LIMITED`: the seconds until it is worth another try. */
  readonly retryAfter: number | undefined;
  /** Of `INTERNAL_SERVER_ERROR`: where the operator finds it in the log. */
  readonly requestId: string | undefined;

  constructor(code: RequestErrorCode, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.limit = details.limit;
    this.retryAfter = details.retryAfter;
    this.requestId = details.requestId;
  }
}

import { GatehouseError, type RequestErrorCode } from './gatehouse-error.ts';

interface TopLevelError {
  readonly message: string;
  readonly extensions?: {
    readonly code?: RequestErrorCode;
    readonly limit?: string;
    readonly retryAfter?: number;
    readonly requestId?: string;
  };
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly TopLevelError[];
}

/** What a proxy means that answers in Gatehouse's place. */
const codes: Readonly<Record<number, RequestErrorCode>> = {
  413: 'PAYLOAD_TOO_LARGE',
  429: 'RATE_LIMITED',
  502: 'UNREACHABLE',
  503: 'SERVER_BUSY',
  504: 'UNREACHABLE',
};

/** A response, and all of its body. */
export interface Received {
  readonly response: Response;
  readonly text: string;
}

/** The data of a response; throws when there is none, or less than was asked for. */
export function dataOf({ response, text }: Received): object {
  const { status } = response;
  const { data, errors } = parse(text);
  const [error] = errors ?? [];
  if (error !== undefined) {
    const { code = 'NO_ANSWER', ...details } = error.extensions ?? {};
    throw new GatehouseError(code, error.message, { status, ...details });
  }
  if (typeof data === 'object' && data !== null) return data;
  const retryAfter = Number(response.headers.get('retry-after') ?? NaN);
  throw new GatehouseError(
    codes[status] ?? 'NO_ANSWER',
    `The response has the status ${status} and no GraphQL in it.`,
    { status, retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined },
  );
}

function parse(text: string): Answer {
  try {
    return (JSON.parse(text) as Answer | null) ?? {};
  } catch {
    return {};
  }
}

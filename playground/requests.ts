/** One top-level error of a GraphQL answer. */
export interface TopLevelError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly retryAfter?: unknown };
}

export interface GraphQLAnswer<Data = unknown> {
  readonly data?: Data | null;
  readonly errors?: readonly TopLevelError[];
}

export interface GraphQLRequest {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string | null | undefined;
}

/** A call that brought no data. Its message is written for the person in front of the page. */
export class RequestFailure extends Error {
  constructor(
    message: string,
    readonly code: string | null = null,
  ) {
    super(message);
    this.name = 'RequestFailure';
  }
}

/**
 * Posts to the server that served the page. GraphQL errors are part of the answer; what is thrown
 * means that there is none.
 */
export async function post<Data>(
  request: GraphQLRequest,
  headers: Readonly<Record<string, string>> = {},
): Promise<GraphQLAnswer<Data>> {
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(request),
  }).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  return readAnswer<Data>(response);
}

/** Posts one of the page's own operations and hands back its data, or throws in plain words. */
export async function send<Data>(query: string, variables?: unknown): Promise<Data> {
  const { data, errors } = await post<Data>({ query, variables });
  const [error] = errors ?? [];
  if (error) throw new RequestFailure(inPlainWords(error), error.extensions?.code ?? null);
  if (!data) throw new RequestFailure('The server sent an empty answer.');
  return data;
}

/** What a top-level error means for the person, who knows nothing of codes. */
export function inPlainWords(error: TopLevelError): string {
  switch (error.extensions?.code) {
    case 'RATE_LIMITED':
      return `Too many attempts. Try again ${afterSeconds(error.extensions.retryAfter)}.`;
    case 'SERVER_BUSY':
      return 'The server is busy. Try again in a moment.';
    case 'UNAUTHENTICATED':
      return 'You are not signed in, or your session has ended.';
    case 'FORBIDDEN':
      return 'Your account is not allowed to do this.';
    case 'INTERNAL_SERVER_ERROR':
      return 'Something went wrong on the server. Try again in a moment.';
    default:
      return error.message;
  }
}

/** The words for any thrown value, for a place where nothing more can be done with it. */
export function describeFailure(failure: unknown): string {
  return failure instanceof RequestFailure ? failure.message : 'Something went wrong on this page.';
}

async function readAnswer<Data>(response: Response): Promise<GraphQLAnswer<Data>> {
  const body: unknown = await response.json().catch(() => null);
  if (isAnswer<Data>(body)) return body;
  throw new RequestFailure(`The server answered with status ${response.status} and no result.`);
}

function isAnswer<Data>(body: unknown): body is GraphQLAnswer<Data> {
  return typeof body === 'object' && body !== null && ('data' in body || 'errors' in body);
}

function unreachable(cause: unknown): RequestFailure {
  const failure = new RequestFailure('The server cannot be reached. Check that it is running.');
  failure.cause = cause;
  return failure;
}

function afterSeconds(seconds: unknown): string {
  if (typeof seconds !== 'number' || seconds <= 0) return 'later';
  if (seconds < 90) return `in ${counted(Math.ceil(seconds), 'second')}`;
  if (seconds < 5400) return `in ${counted(Math.ceil(seconds / 60), 'minute')}`;
  return `in ${counted(Math.ceil(seconds / 3600), 'hour')}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

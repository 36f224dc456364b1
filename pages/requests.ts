import { inTime, texts } from './language.ts';

/** One reason why nothing was changed. */
export interface UserError {
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
}

interface TopLevelError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly retryAfter?: unknown };
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly TopLevelError[];
}

/** A call that brought no result. Its message is written for the person in front of the page. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';
}

/** Posts a GraphQL operation and hands back its data, or throws in plain words. */
export async function send<Data>(query: string, variables: unknown): Promise<Data> {
  const { data, errors } = await post<Data>({ query, variables });
  const [error] = errors ?? [];
  if (error !== undefined) throw new RequestFailure(inPlainWords(error));
  if (!data) throw new RequestFailure(texts.failure.other);
  return data;
}

/** The words for any thrown value. */
export function describeFailure(failure: unknown): string {
  return failure instanceof RequestFailure ? failure.message : texts.failure.other;
}

// Beside the page rather than at the root: a proxy may serve both below a path.
const endpoint = 'graphql';

async function post<Data>(request: unknown): Promise<Answer<Data>> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
    },
    body: JSON.stringify(request),
  }).catch((cause: unknown) => {
    throw new RequestFailure(texts.failure.unreachable, { cause });
  });
  const body: unknown = await response.json().catch(() => null);
  return typeof body === 'object' && body !== null ? body : {};
}

function inPlainWords({ extensions }: TopLevelError): string {
  switch (extensions?.code) {
    case 'RATE_LIMITED':
      return texts.failure.tooOften(inTime(Number(extensions.retryAfter) || 60));
    case 'SERVER_BUSY':
      return texts.failure.busy;
    default:
      return texts.failure.other;
  }
}

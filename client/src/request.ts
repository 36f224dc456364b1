import { dataOf, type Received } from './answer.ts';
import { bodyOf } from './body.ts';
import { GatehouseError } from './gatehouse-error.ts';
import type { Operation } from './operation.ts';
import type { CallOptions, ClientOptions } from './options.ts';
import { patiently } from './patience.ts';
import { followSession } from './session.ts';

/** Variables may be left out when none is required. */
export type Arguments<Variables> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: CallOptions]
    : [variables: Variables, options?: CallOptions];

/**
 * Sends an operation and answers its data. Throws a `GatehouseError` for what is no matter of the
 * input, and the reason of the signal when that ends it.
 */
export type Request = <Result, Variables extends object>(
  operation: Operation<Result, Variables>,
  ...rest: Arguments<Variables>
) => Promise<Result>;

/** Makes the function that sends operations, for those who need no more than a few of them. */
export function createRequest(options: ClientOptions): Request {
  return async <Result, Variables extends object>(
    operation: Operation<Result, Variables>,
    ...[variables = {}, { signal, retry = options.retry } = {}]: [object?, CallOptions?]
  ) => {
    const attempt = () => send(options, operation.valueOf(), variables, signal);
    return (await patiently(attempt, retry, signal)) as Result;
  };
}

async function send(
  options: ClientOptions,
  query: string,
  variables: object,
  signal: AbortSignal | undefined,
): Promise<object> {
  const { tokenStorage } = options;
  const token = options.token ?? (await tokenStorage?.get()) ?? null;
  const answer = await post(options, { query, variables, token, signal });
  try {
    const data = dataOf(answer);
    if (tokenStorage !== undefined) await followSession(tokenStorage, data, variables);
    return data;
  } catch (failure) {
    const hasEnded = failure instanceof GatehouseError && failure.code === 'UNAUTHENTICATED';
    // Meanwhile another request may have signed in.
    if (hasEnded && (await tokenStorage?.get()) === token) await tokenStorage?.clear();
    throw failure;
  }
}

interface Sent {
  readonly query: string;
  readonly variables: object;
  readonly token: string | null;
  readonly signal: AbortSignal | undefined;
}

async function post(options: ClientOptions, sent: Sent): Promise<Received> {
  const { endpoint, headers, tokenStorage, fetch: send = fetch } = options;
  const { body, headers: headersOfBody } = bodyOf(sent.query, sent.variables);
  const isBearer = options.token !== undefined || tokenStorage !== undefined;
  try {
    const response = await send(endpoint, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json',
        ...headersOfBody,
        ...(sent.token === null ? {} : { authorization: `Bearer ${sent.token}` }),
        ...headers,
      },
      body,
      credentials: isBearer ? 'omit' : 'include',
      signal: sent.signal ?? null,
    });
    return { response, text: await response.text() };
  } catch (cause) {
    sent.signal?.throwIfAborted();
    throw new GatehouseError('UNREACHABLE', 'Gatehouse cannot be reached.', { cause });
  }
}

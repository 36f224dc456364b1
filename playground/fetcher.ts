import type { GraphiQL } from 'graphiql';
import { Kind, OperationTypeNode, parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import type { ComponentProps } from 'react';
import { describeFailure, inPlainWords, post } from './requests.ts';
import type { GraphQLAnswer, GraphQLRequest } from './requests.ts';

type Fetcher = ComponentProps<typeof GraphiQL>['fetcher'];
/** GraphiQL asks for errors with methods, but shows what comes as JSON just the same. */
type Result = Extract<Awaited<ReturnType<Fetcher>>, { data?: unknown }>;
type Headers = Readonly<Record<string, string>>;

interface Surroundings {
  readonly isSignedIn: boolean;
  /** Told why there is no schema, or null when there is one. */
  readonly onSchema: (notice: string | null) => void;
  /** Called when an operation may have signed the caller in or out, or changed their roles. */
  readonly onSessionChange: () => Promise<void>;
}

/** The name that GraphiQL gives its own request for the schema. */
const INTROSPECTION = 'IntrospectionQuery';

/** Sends what is in the tabs, and keeps the rest of the page in step with the answers. */
export function createFetcher(surroundings: Surroundings): Fetcher {
  return async (request, options) => {
    const headers: Headers = options?.headers ?? {};
    if (request.operationName === INTROSPECTION) {
      return (await loadSchema(request, headers, surroundings)) as Result;
    }
    const operations = operationsOf(request.query);
    const answer = await postSafely(withNameFrom(operations, request), headers);
    if (mayChangeSession(operations, answer)) void surroundings.onSessionChange();
    return answer as Result;
  };
}

/** A server may keep its schema to itself. The tabs work all the same, so this is no alarm. */
async function loadSchema(
  request: GraphQLRequest,
  headers: Headers,
  { isSignedIn, onSchema }: Surroundings,
): Promise<GraphQLAnswer> {
  const answer = await postSafely(request, headers);
  if (holdsSchema(answer)) {
    onSchema(null);
    return answer;
  }
  const notice = explainMissingSchema(answer, isSignedIn);
  onSchema(notice);
  // Without `data` GraphiQL would ask again with a simpler question, as some old servers need.
  return { data: null, errors: [{ message: notice }] };
}

function explainMissingSchema({ errors }: GraphQLAnswer, isSignedIn: boolean): string {
  const consequence = 'Operations still run, without documentation and completion.';
  const [error] = errors ?? [];
  if (!error || !isIntrospectionRefusal(error.message, error.extensions?.code)) {
    const reason = error ? inPlainWords(error) : 'The server sent an empty answer.';
    return `The schema could not be loaded. ${reason}`;
  }
  return isSignedIn
    ? `The server does not show its schema to your account. ${consequence}`
    : `The server does not show its schema while you are signed out. ${consequence}`;
}

function isIntrospectionRefusal(message: string, code: string | undefined): boolean {
  return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' || /introspection/i.test(message);
}

/** GraphiQL shows what is thrown with its stack; an answer with one error is easier to read. */
async function postSafely(request: GraphQLRequest, headers: Headers): Promise<GraphQLAnswer> {
  return post(request, headers).catch((failure: unknown) => ({
    errors: [{ message: describeFailure(failure) }],
  }));
}

function holdsSchema({ data }: GraphQLAnswer): boolean {
  return typeof data === 'object' && data !== null && '__schema' in data;
}

/** None for what is no document, which the server says better. */
function operationsOf(query: string): OperationDefinitionNode[] {
  try {
    return parse(query).definitions.filter(
      (definition) => definition.kind === Kind.OPERATION_DEFINITION,
    );
  } catch {
    return [];
  }
}

/**
 * GraphiQL reads the editor a tenth of a second after another tab has filled it. Who executes sooner
 * would ask for the operation of the tab before, and so its name counts only if it is here.
 */
function withNameFrom(
  operations: readonly OperationDefinitionNode[],
  { operationName, ...request }: GraphQLRequest,
): GraphQLRequest {
  const isHere = operations.some(({ name }) => name?.value === operationName);
  return isHere ? { ...request, operationName } : request;
}

function mayChangeSession(
  operations: readonly OperationDefinitionNode[],
  answer: GraphQLAnswer,
): boolean {
  const isMutation = operations.some(({ operation }) => operation === OperationTypeNode.MUTATION);
  const hasEnded = answer.errors?.some((error) => error.extensions?.code === 'UNAUTHENTICATED');
  return isMutation || Boolean(hasEnded);
}

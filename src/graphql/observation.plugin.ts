import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import type { RequestCtx } from './request-context.ts';
import type { Metrics, Span } from '../tracing.ts';

type Answer = GraphQLRequestContextWillSendResponse<RequestCtx>['response'];

/** Counts the errors at the top level of an answer, by the codes that callers are told. */
export function countErrors(metrics: Metrics, { body }: Answer): void {
  if (body.kind !== 'single') return;
  body.singleResult.errors?.forEach((error) => metrics.errorTold(codeOf(error)));
}

/** The same where it came to no answer of GraphQL: who called was not found out, or nothing asked. */
export function countFailedRequests(metrics: Metrics): ApolloServerPlugin<RequestCtx> {
  return {
    contextCreationDidFail: async ({ error }) => metrics.errorTold(codeOf(error)),
    invalidRequestWasReceived: async () => metrics.errorTold('BAD_USER_INPUT'),
  };
}

/** Traces each operation, between its request and its root fields. It is not named by the client. */
export const traceOperations: ApolloServerPlugin<RequestCtx> = {
  requestDidStart: async () => {
    let span: Span | undefined;
    return {
      didResolveOperation: async ({ operation, contextValue }) => {
        const type = operation?.operation ?? 'query';
        span = contextValue.ports.tracer?.begin({
          name: `GraphQL ${type}`,
          kind: 'internal',
          attributes: { 'graphql.operation.type': type },
        });
        span?.takeOver();
      },
      willSendResponse: async ({ errors }) => span?.end({ failed: hasFault(errors) }),
    };
  },
};

/** Of ours: what callers did wrong is no failure of the operation. */
function hasFault(errors: readonly unknown[] | undefined): boolean {
  return errors?.some((error) => codeOf(error) === 'INTERNAL_SERVER_ERROR') ?? false;
}

function codeOf(error: unknown): string {
  const { extensions } = error as { readonly extensions?: { readonly code?: unknown } };
  const code = extensions?.code;
  return typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR';
}

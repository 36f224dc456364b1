import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';
import type { RequestCtx } from './request-context.ts';

const graphqlJson = 'application/graphql-response+json';

/**
 * GraphQL over HTTP has two rules for a document that cannot be run: 400 as
 * `application/graphql-response+json`, and 200 as `application/json`, for clients that read no body
 * under any other status. Who asks for the latter by name, and not for the former, is such a client;
 * who says nothing gets the status that tells more.
 */
export function answerPlainJson({
  request,
  response,
  errors = [],
}: GraphQLRequestContextWillSendResponse<RequestCtx>): void {
  if (response.http.status !== 400) return;
  if (errors.some(({ extensions }) => extensions.code === 'BAD_REQUEST')) return;
  const accepted = mediaTypes(request.http?.headers.get('accept'));
  if (accepted.includes('application/json') && !accepted.includes(graphqlJson)) {
    response.http.status = 200;
  }
}

function mediaTypes(accept = ''): string[] {
  return accept.split(',').map((range) => range.replace(/;.*/s, '').trim().toLowerCase());
}

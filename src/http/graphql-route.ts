import { Readable } from 'node:stream';
import { HeaderMap, type ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestCtx } from '../graphql/request-context.ts';
import { graphqlPath } from './faults.ts';

type ContextOf = (request: FastifyRequest, reply: FastifyReply) => Promise<RequestCtx>;

/** Hands requests for `/graphql` to Apollo Server, and its answers back. */
export function serveGraphql(
  app: FastifyInstance,
  apollo: ApolloServer<RequestCtx>,
  contextOf: ContextOf,
): void {
  app.route({
    method: ['GET', 'POST'],
    url: graphqlPath,
    async handler(request, reply) {
      const { url, method, body } = request;
      const answer = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method, body, search: searchOf(url), headers: headersOf(request) },
        context: () => contextOf(request, reply),
      });
      for (const [name, value] of answer.headers) reply.header(name, value);
      reply.code(answer.status ?? 200);
      return answer.body.kind === 'complete'
        ? answer.body.string
        : reply.send(Readable.from(answer.body.asyncIterator));
    },
  });
}

function searchOf(url: string): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start);
}

function headersOf({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) map.set(name, typeof value === 'string' ? value : value.join(', '));
  }
  return map;
}

import type { FastifyError, FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { asRequestError } from '../graphql/error-format.ts';
import { RequestLog } from './request-log.ts';

/** Where GraphQL is. */
export const graphqlPath = '/graphql';

const codes: Readonly<Record<number, string>> = {
  400: 'BAD_USER_INPUT',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'BAD_USER_INPUT',
};

/** What `asRequestError` says of the answer. */
interface RequestFault {
  readonly status?: number;
  readonly headers?: Iterable<readonly [string, string]>;
}

/** Answers what goes wrong before GraphQL is reached in GraphQL's own form, one shape for clients. */
export function answerFaults(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { statusCode = 500 } = error;
    const code = codes[statusCode];
    if (code !== undefined) {
      return reply.code(statusCode).send(errorsOf(error.message, code));
    }
    const requestId = request.id;
    const { message, extensions } = asRequestError(error, {
      log: new RequestLog(log, requestId),
      requestId,
    });
    const { http, ...told } = extensions;
    const { status = 500, headers = [] } = http as RequestFault;
    return reply
      .code(status)
      .headers(Object.fromEntries(headers))
      .send({ errors: [{ message, extensions: told }] });
  });
  app.setNotFoundHandler((request, reply) => {
    const [path] = request.url.split('?', 1);
    if (path === graphqlPath) {
      // RFC 9110, 15.5.6: what is there, but not for this method, says for which it is.
      reply.header('allow', 'GET, POST');
      return reply
        .code(405)
        .send(errorsOf(`GraphQL takes no ${request.method}.`, 'BAD_USER_INPUT'));
    }
    return reply.code(404).send(errorsOf(`There is no ${request.method} here.`, 'NOT_FOUND'));
  });
}

function errorsOf(message: string, code: string): { errors: object[] } {
  return { errors: [{ message, extensions: { code } }] };
}

import type { FastifyError, FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { asRequestError } from '../graphql/error-format.ts';

const codes: Readonly<Record<number, string>> = {
  400: 'BAD_USER_INPUT',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'BAD_USER_INPUT',
};

/** Answers what goes wrong before GraphQL is reached in GraphQL's own form, one shape for clients. */
export function answerFaults(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { statusCode = 500 } = error;
    const code = codes[statusCode];
    if (code !== undefined) {
      return reply
        .code(statusCode)
        .send({ errors: [{ message: error.message, extensions: { code } }] });
    }
    const requestId = request.id;
    const { message, extensions } = asRequestError(error, {
      log: log.child({ requestId }),
      requestId,
    });
    const { http, ...told } = extensions;
    const { status = 500 } = http as { status?: number };
    return reply.code(status).send({ errors: [{ message, extensions: told }] });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      errors: [
        { message: `There is no ${request.method} here.`, extensions: { code: 'NOT_FOUND' } },
      ],
    }),
  );
}

import type { FastifyInstance } from 'fastify';
import type { Service } from '../process/service.ts';

/**
 * `/healthz`: the process answers. `/readyz`: it can serve, that is, the database answers within
 * two seconds (the server listens only when its migrations are done). `/metrics`: for Prometheus,
 * of all processes where this is one of several.
 */
export function serveHealth(
  app: FastifyInstance,
  service: Service,
  expose = () => service.metrics.expose(),
): void {
  app.get('/healthz', async (_, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  app.get('/readyz', async (_, reply) => {
    const ready = await answersInTime(service.dataSource.query('SELECT 1'), 2_000);
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'unavailable', database: ready ? 'ok' : 'unreachable' });
  });
  app.get('/metrics', async (_, reply) => {
    const { contentType, text } = await expose();
    return reply.type(contentType).send(text);
  });
}

async function answersInTime(answer: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const answered = answer.then(
    () => true,
    () => false,
  );
  return Promise.race([answered, deadline]).finally(() => clearTimeout(timer));
}

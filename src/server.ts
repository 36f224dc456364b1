import fastifyCookie from '@fastify/cookie';
import fastifyCors from '@fastify/cors';
import fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { CollectedMetrics, Exposition } from './adapters/prometheus-sum.ts';
import type { Config } from './config/config.ts';
import { createApollo } from './graphql/apollo.ts';
import { trustedProxies } from './http/client-address.ts';
import { drainOnClose } from './http/draining.ts';
import { refuseCompressed } from './http/encodings.ts';
import { serveFiles } from './http/files.ts';
import { serveHealth } from './http/health.ts';
import { serveMailPreview } from './http/mail-preview.ts';
import { serveMailbox } from './http/mailbox.ts';
import { measureRequests, traceRequests } from './http/observation.ts';
import { servePages } from './http/pages.ts';
import { servePlayground } from './http/playground.ts';
import { setSecurityHeaders } from './http/security-headers.ts';
import { serveWellKnown } from './http/well-known.ts';
import { createRequestContext, newRequestId } from './http/request-context.ts';
import { answerFaults } from './http/faults.ts';
import { serveGraphql } from './http/graphql-route.ts';
import { acceptUploads } from './http/uploads.ts';
import { startJobs } from './process/jobs.ts';
import { withoutValues } from './logging.ts';
import { createSchema } from './schema.ts';
import { openService, type Service } from './process/service.ts';

/** What is told at the start. */
export interface Announcement {
  /** Where it listens, such as `http://localhost:4000`. */
  readonly url: string;
  readonly databaseName: string;
  /** In words: who sends mail. Undefined when the development mailbox keeps it. */
  readonly mailProvider: string | undefined;
}

export interface RunningServer extends Announcement {
  /** The metrics of this process. */
  collectMetrics(): Promise<CollectedMetrics>;
  /** Finishes requests in flight, then closes everything, the database last. */
  close(): Promise<void>;
}

// A GraphQL document with its variables. Uploads come beside it and have a limit of their own.
const bodyLimit = 1024 * 1024;

/** What one of several processes behind a port asks of what started them. */
interface Siblings {
  readonly exposeMetrics: () => Promise<Exposition>;
}

/**
 * Opens the database and everything else, migrates, and listens. Throws when any of it fails. With
 * `siblings` the database is ready already.
 */
export async function startServer(
  config: Config,
  fullLog: Logger,
  siblings?: Siblings,
): Promise<RunningServer> {
  const log = withoutValues(fullLog);
  const service = await openService(config, log, siblings ? 'prepared' : 'own');
  const app = createApp(config, log);
  const closing = [() => service.close(), () => app.close()];
  const close = async () => {
    for (const closeOne of closing.splice(0).reverse()) await closeOne();
  };
  try {
    await addRoutes(app, service, siblings);
    await app.listen({ host: config.http.host, port: config.http.port });
    const { port } = app.server.address() as AddressInfo;
    service.address.url = config.http.appUrl ?? `http://${displayHost(config.http.host)}:${port}`;
    // Stopped after the requests, which may still leave jobs, and before the database.
    if (config.jobs.run) closing.splice(1, 0, await startJobs(service));
  } catch (error) {
    await close();
    throw error;
  }
  const { databaseName, mailProvider, address } = service;
  const collectMetrics = () => service.metrics.collect();
  return { url: address.url, databaseName, mailProvider, collectMetrics, close };
}

const displayHost = (host: string) => (['0.0.0.0', '::'].includes(host) ? 'localhost' : host);

/** No route has a schema. Told so, Fastify leaves Ajv unloaded, a twelfth of the time of a start. */
function noSchema(): never {
  throw new Error('Routes have no schemas here.');
}

function createApp(config: Config, log: Logger): FastifyInstance {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newRequestId,
    bodyLimit,
    // Slow senders are cut off, so that they cannot hold all connections. The largest upload, at a
    // megabit a second, takes a minute and a half.
    requestTimeout: 120_000,
    trustProxy: trustedProxies(config.http),
    schemaController: { compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema } },
  }) as unknown as FastifyInstance;
  app.removeContentTypeParser('text/plain');
  answerFaults(app, log);
  drainOnClose(app);
  return app;
}

async function addRoutes(
  app: FastifyInstance,
  service: Service,
  siblings: Siblings | undefined,
): Promise<void> {
  const { config, ports } = service;
  measureRequests(app, service.metrics);
  if (ports.tracer) traceRequests(app, ports.tracer);
  setSecurityHeaders(app, config);
  await app.register(fastifyCookie);
  if (config.http.allowedOrigins.length > 0) {
    await app.register(fastifyCors, {
      origin: [...config.http.allowedOrigins],
      credentials: true,
      exposedHeaders: ['Retry-After'],
    });
  }
  const contextOf = (request: FastifyRequest, reply: FastifyReply) =>
    createRequestContext(service, request, reply);
  const apollo = createApollo(service, createSchema());
  await apollo.start();
  app.addHook('onClose', () => apollo.stop());
  await app.register(async (graphql) => {
    refuseCompressed(graphql);
    acceptUploads(graphql, bodyLimit);
    serveGraphql(graphql, apollo, contextOf);
  });
  serveFiles(app, service);
  serveHealth(app, service, siblings?.exposeMetrics);
  serveWellKnown(app, service);
  await servePages(app, config);
  if (service.mailProvider === undefined) serveMailbox(app, service);
  if (!config.production) serveMailPreview(app, service);
  await servePlayground(app, config, contextOf);
  service.log.debug('routes are in place');
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerMetrics } from '../adapters/prometheus.ts';
import type { Span, Tracer } from '../tracing.ts';

/** The path as it was registered: what a client may put in its place is never told. */
const routeOf = (request: FastifyRequest) => request.routeOptions.url ?? 'none';

/** Counts and times requests by their route. */
export function measureRequests(app: FastifyInstance, metrics: ServerMetrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const seconds = reply.elapsedTime / 1000;
    metrics.requestFinished(request.method, routeOf(request), reply.statusCode, seconds);
    done();
  });
}

// Asked every few seconds by machines: they would hide what people do.
const untraced = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * Begins a span with every request, within that of the caller when it names one, as W3C Trace
 * Context has it. Neither addresses nor the query string are told: the one is somebody's, and the
 * other may hold a mailed token.
 */
export function traceRequests(app: FastifyInstance, tracer: Tracer): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook('onRequest', (request, _, done) => {
    const route = routeOf(request);
    if (untraced.has(route)) return done();
    const { traceparent } = request.headers;
    const span = tracer.begin({
      name: `${request.method} ${route}`,
      kind: 'server',
      attributes: {
        'http.request.method': request.method,
        'http.route': route,
        'gatehouse.request_id': request.id,
      },
      parent: typeof traceparent === 'string' ? traceparent : undefined,
    });
    spans.set(request, span);
    span.run(done);
  });
  // The body came by events of the socket, which know nothing of what began before.
  app.addHook('preHandler', (request, _, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else span.run(done);
  });
  app.addHook('onResponse', (request, reply, done) => {
    endOf(spans.get(request), reply);
    done();
  });
}

function endOf(span: Span | undefined, { statusCode }: FastifyReply): void {
  const attributes = { 'http.response.status_code': statusCode };
  span?.end({ failed: statusCode >= 500, attributes });
}

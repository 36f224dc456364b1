import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
} from '@opentelemetry/api';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { Span, Step, Tracer } from '../tracing.ts';

export interface OpenTelemetry extends Tracer {
  /** Sends what has been recorded, and waits for it a little. */
  close(): Promise<void>;
}

// What a receiver that does not answer may hold up: an export, and the end of the process.
const exportMilliseconds = 5_000;
const closeMilliseconds = 2_000;

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/** The context under way. A step may replace it for all that follows in the same request. */
interface Place {
  context: Context;
}

interface Options {
  readonly endpoint: string;
  readonly ratio: number;
}

/**
 * Sends traces to an OpenTelemetry receiver as OTLP over HTTP, in JSON. The spans are begun by
 * hand at the few places that matter: instrumentation that patches modules would need a loader and
 * record what we do not want told. Nothing is registered globally, so servers do not share it.
 */
export function openTelemetry(options: Options, log: Logger): OpenTelemetry {
  const provider = createProvider(options, log);
  const tracer = provider.getTracer('gatehouse');
  const places = new AsyncLocalStorage<Place>();
  return {
    begin({ name, kind, attributes, parent }: Step): Span {
      const place = places.getStore();
      const around = parent === undefined ? (place?.context ?? ROOT_CONTEXT) : read(parent);
      const step = { kind: kinds[kind], attributes: attributes ?? {} };
      const span = tracer.startSpan(name, step, around);
      const context = trace.setSpan(around, span);
      return {
        run: (work) => places.run({ context }, work),
        takeOver() {
          if (place) place.context = context;
        },
        end(outcome) {
          if (outcome.attributes) span.setAttributes(outcome.attributes);
          if (outcome.failed) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    current: () => write(places.getStore()?.context),
    close: () =>
      Promise.race([
        provider.shutdown().catch(() => undefined),
        pause(closeMilliseconds, undefined, { ref: false }),
      ]),
  };
}

function createProvider({ endpoint, ratio }: Options, log: Logger): TracerProvider {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: exportMilliseconds,
  });
  return new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'gatehouse' }),
    // Who asks with a trace decides for it; of those that begin here a share is taken.
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: tellingTrouble(exporter, log) })],
  });
}

const propagator = new W3CTraceContextPropagator();

const read = (traceparent: string): Context =>
  propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);

function write(context: Context | undefined): string | undefined {
  if (context === undefined) return undefined;
  const carrier: { traceparent?: string } = {};
  propagator.inject(context, carrier, defaultTextMapSetter);
  return carrier.traceparent;
}

/** The library is silent: what it cannot send is lost, and nobody would know why. */
function tellingTrouble(exporter: SpanExporter, log: Logger): SpanExporter {
  let inTrouble = false;
  return {
    export: (spans, tell) =>
      exporter.export(spans, (result) => {
        const failed = result.code !== ExportResultCode.SUCCESS;
        if (failed && !inTrouble) log.warn({ err: result.error }, 'traces cannot be sent');
        if (!failed && inTrouble) log.info('traces can be sent again');
        inTrouble = failed;
        tell(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

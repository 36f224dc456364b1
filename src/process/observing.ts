import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { ServerMetrics } from '../adapters/prometheus.ts';
import { traceStatements } from '../adapters/traced-pool.ts';
import type { Config } from '../config/config.ts';
import type { MailTransport, PasswordHasher } from '../context.ts';
import { poolOf } from '../database/data-source.ts';
import { traced, type Tracer } from '../tracing.ts';

/** Loaded only where it is used: its libraries are several megabytes. */
export async function openTracer(
  { traces }: Config,
  log: Logger,
  dataSource: DataSource,
  closing: (() => Promise<void> | void)[],
): Promise<Tracer | undefined> {
  if (traces === undefined) return undefined;
  const { openTelemetry } = await import('../adapters/open-telemetry.ts');
  const tracer = openTelemetry(traces, log);
  traceStatements(poolOf(dataSource), tracer);
  closing.push(() => tracer.close());
  return tracer;
}

/** Tells the metrics, which are there a moment later, what becomes of passwords. */
export function observePasswords(metrics: () => ServerMetrics) {
  return {
    finished: (task: string, waitSeconds: number, seconds: number) =>
      metrics().passwordFinished(task, waitSeconds, seconds),
    refused: () => metrics().passwordRefused(),
  };
}

/** The same hasher, whose work is a step of the trace. */
export function tracePasswords(
  passwords: PasswordHasher,
  tracer: Tracer | undefined,
): PasswordHasher {
  if (tracer === undefined) return passwords;
  const step = (name: string) => ({ name, kind: 'internal' }) as const;
  return {
    hash: (password) => traced(tracer, step('hash password'), () => passwords.hash(password)),
    verify: (password, hash) =>
      traced(tracer, step('verify password'), () => passwords.verify(password, hash)),
  };
}

/** The same transport, whose sending is a step of the trace. Who gets a mail is not told. */
export function traceMail(transport: MailTransport, tracer: Tracer | undefined): MailTransport {
  if (tracer === undefined) return transport;
  return {
    send: (message) => {
      const attributes = { 'gatehouse.mail.id': message.id };
      const step = { name: 'send mail', kind: 'client', attributes } as const;
      return traced(tracer, step, () => transport.send(message));
    },
  };
}

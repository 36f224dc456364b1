import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Metrics } from '../context.ts';

export interface ServerMetrics extends Metrics {
  readonly registry: Registry;
}

/** Metrics for Prometheus, of this server alone. Labels are names of ours, never anyone's data. */
export function createMetrics(passwordsQueued: () => number): ServerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const limited = new Counter({
    name: 'gatehouse_rate_limited_total',
    help: 'Calls denied, by the limit that denied them.',
    labelNames: ['limit'],
    registers: [registry],
  });
  const mails = new Counter({
    name: 'gatehouse_mails_total',
    help: 'Mails that were sent or have failed for good.',
    labelNames: ['state'],
    registers: [registry],
  });
  new Gauge({
    name: 'gatehouse_password_queue_length',
    help: 'Passwords waiting to be hashed or verified.',
    registers: [registry],
    collect() {
      this.set(passwordsQueued());
    },
  });
  return {
    registry,
    rateLimited: (limit) => limited.inc({ limit }),
    mailFinished: (state) => mails.inc({ state }),
  };
}

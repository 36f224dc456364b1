import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Metrics } from '../context.ts';

export interface ServerMetrics extends Metrics {
  readonly registry: Registry;
}

interface MemoryFigures {
  readonly hits: number;
  readonly misses: number;
  readonly forgotten: number;
  readonly size: number;
  readonly isListening: boolean;
}

/** Metrics for Prometheus, of this server alone. Labels are names of ours, never anyone's data. */
export function createMetrics(
  passwordsQueued: () => number,
  sessionMemory: () => MemoryFigures,
): ServerMetrics {
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
  addSessionMemory(registry, sessionMemory);
  return {
    registry,
    rateLimited: (limit) => limited.inc({ limit }),
    mailFinished: (state) => mails.inc({ state }),
  };
}

/** The memory counts by itself, since every request passes it; here it is only read. */
function addSessionMemory(registry: Registry, figures: () => MemoryFigures): void {
  const counted = {
    hits: 'Requests whose session was remembered.',
    misses: 'Requests whose session was read from the database.',
    forgotten: 'Sessions no longer remembered because something of them had changed.',
  } as const;
  for (const [name, help] of Object.entries(counted)) {
    new Counter({
      name: `gatehouse_session_cache_${name}_total`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(figures()[name as keyof typeof counted]);
      },
    });
  }
  new Gauge({
    name: 'gatehouse_session_cache_size',
    help: 'Sessions that are remembered.',
    registers: [registry],
    collect() {
      this.set(figures().size);
    },
  });
  new Gauge({
    name: 'gatehouse_session_cache_listening',
    help: 'Whether changes are heard of, without which no session is remembered: 1 or 0.',
    registers: [registry],
    collect() {
      this.set(figures().isListening ? 1 : 0);
    },
  });
}

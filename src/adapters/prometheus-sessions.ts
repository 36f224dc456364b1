import { Counter, Gauge, type Registry } from 'prom-client';

/** Sessions that are remembered. */
export interface MemoryFigures {
  readonly hits: number;
  readonly misses: number;
  readonly forgotten: number;
  readonly size: number;
  readonly isListening: boolean;
}

/** The memory counts by itself, since every request passes it; here it is only read. */
export function addSessionMemory(registry: Registry, figures: () => MemoryFigures): void {
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
    aggregator: 'min',
    collect() {
      this.set(figures().isListening ? 1 : 0);
    },
  });
}

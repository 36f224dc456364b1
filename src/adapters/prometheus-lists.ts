import { Counter, type Registry } from 'prom-client';
import { reasonsForPrimary, type ReasonForPrimary } from '../replicas.ts';
import type { Metrics } from '../tracing.ts';

/** Counts lists by the server that answered them. */
export function addLists(registry: Registry): Pick<Metrics, 'listRead'> {
  const lists = new Counter({
    name: 'gatehouse_lists_total',
    help: 'Lists, searches and counts, by where they were read and why there.',
    labelNames: ['server', 'reason'],
    registers: [registry],
  });
  // There from the start: the first of a kind would not be seen as an increase.
  for (const reason of [undefined, ...reasonsForPrimary]) lists.inc(labelsOf(reason), 0);
  return { listRead: (reason) => lists.inc(labelsOf(reason)) };
}

function labelsOf(reason: ReasonForPrimary | undefined) {
  return reason === undefined
    ? { server: 'replica', reason: 'current' }
    : { server: 'primary', reason };
}

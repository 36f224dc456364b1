import {
  AggregatorRegistry,
  type MetricObject,
  type MetricValue,
  type Registry,
} from 'prom-client';

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** Metrics of one process, in a form that can be sent to another. */
export type CollectedMetrics = (MetricObject & { values: MetricValue<string>[] })[];

/** Everything in a registry, as Prometheus reads it. */
export async function exposeRegistry(registry: Registry): Promise<Exposition> {
  return { contentType: registry.contentType, text: await registry.metrics() };
}

/** The metrics of several processes as those of one: counts are added up. */
export function addUp(collected: readonly CollectedMetrics[]): Promise<Exposition> {
  return exposeRegistry(AggregatorRegistry.aggregate([...collected]));
}

import { readFile } from 'node:fs/promises';
import { parser } from '@prometheus-io/lezer-promql';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startTestServer } from '../support/server.ts';
import { metricNames, scrape } from './metrics.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

let rules: readonly Rule[];
let dashboard: Dashboard;
/** What can be asked for: of a histogram its parts. */
let series: ReadonlySet<string>;
beforeAll(async () => {
  const { groups } = parse(await read('deploy/monitoring/alerts.yaml')) as {
    groups: readonly { rules: readonly Rule[] }[];
  };
  rules = groups.flatMap((group) => group.rules);
  dashboard = JSON.parse(await read('deploy/monitoring/grafana-dashboard.json')) as Dashboard;
  const server = await startTestServer({ RUN_JOBS: 'false' });
  const scraped = await scrape(server);
  await server.stop();
  const histograms = new Set(
    [...scraped.matchAll(/^# TYPE (\S+) histogram/gm)].map(([, name]) => name),
  );
  series = new Set(
    metricNames(scraped).flatMap((name) =>
      histograms.has(name) ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name],
    ),
  );
});

/** What an expression asks for; throws for one that Prometheus could not read. */
function metricsIn(expression: string): string[] {
  const names: string[] = [];
  // Grafana puts a duration there.
  const text = expression.replaceAll('$__rate_interval', '5m');
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new Error(`No PromQL at ${from}: ${text}`);
      const isMetric = node.parent?.type.name === 'VectorSelector' && type.name === 'Identifier';
      if (isMetric) names.push(text.slice(from, to));
    },
  });
  return names;
}

test('an expression that asks for nothing or cannot be read would be seen', () => {
  expect(metricsIn('sum(rate(one_total{a="b"}[5m])) / two > 0')).toEqual(['one_total', 'two']);
  expect(() => metricsIn('sum(rate(one_total[5m])')).toThrow('No PromQL');
});

test('every alert asks for metrics that are told', () => {
  expect(rules.length).toBeGreaterThan(10);
  for (const { alert, expr } of rules) {
    const asked = metricsIn(expr).filter((name) => name !== 'up'); // Prometheus's own
    if (alert !== 'GatehouseDown') expect(asked.length, alert).toBeGreaterThan(0);
    for (const name of asked) expect(series, alert).toContain(name);
  }
});

test('every alert has its section in the manual, and there is no other', async () => {
  const manual = await read('docs/operations.md');
  const sections = [...manual.matchAll(/^### (Gatehouse\w+)$/gm)].map(([, name]) => name);
  expect(sections.sort()).toEqual(rules.map(({ alert }) => alert).sort());
  for (const { alert, for: duration, labels, annotations } of rules) {
    expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    expect(annotations.summary).not.toBe('');
    expect(duration).toMatch(/^\d+m$/);
    expect(['warning', 'critical']).toContain(labels.severity);
  }
});

test('every panel of the dashboard asks for metrics that are told', () => {
  expect(dashboard.panels.length).toBeGreaterThan(15);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  for (const { title, targets } of dashboard.panels) {
    for (const { expr } of targets) {
      const asked = metricsIn(expr);
      expect(asked.length, title).toBeGreaterThan(0);
      for (const name of asked) expect(series, title).toContain(name);
    }
  }
});

test('every metric of ours is on the dashboard', () => {
  const shown = new Set(
    dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr))),
  );
  const ours = [...series].filter((name) => name.startsWith('gatehouse_'));
  const parts = /_(bucket|sum|count)$/;
  const whole = new Set([...shown].map((name) => name.replace(parts, '')));
  expect(ours.filter((name) => !whole.has(name.replace(parts, '')))).toEqual([]);
});

import type { TestServer } from '../support/server.ts';

/** Everything a server tells Prometheus. */
export async function scrape({ url }: Pick<TestServer, 'url'>): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** The names of all metrics in a scrape, those without a value yet among them. */
export function metricNames(scraped: string): string[] {
  return [...scraped.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
}

/** The value of one series; labels may be in any order. Undefined when there is none. */
export function valueOf(
  scraped: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  for (const line of scraped.split('\n')) {
    const [, series, told = '', value] = /^([a-z_]+)(\{.*\})? (\S+)$/.exec(line) ?? [];
    if (series === name && wanted.every((one) => told.includes(one))) return Number(value);
  }
  return undefined;
}

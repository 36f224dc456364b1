import type { ExplainedAdvisory } from './explained.ts';

/** As much of what `npm audit --json` prints as is looked at. */
interface Report {
  readonly auditReportVersion: number;
  readonly vulnerabilities: Readonly<
    Record<string, { readonly via: readonly (string | Advisory)[] }>
  >;
}

interface Advisory {
  readonly name: string;
  readonly title: string;
  readonly url: string;
  readonly severity: string;
}

const halfAYear = 183 * 86_400_000;

/** What `npm audit --json` printed, or undefined when the registry gave it no answer. */
export function readReport(printed: string): Report | undefined {
  try {
    const report: unknown = JSON.parse(printed);
    const isReport = typeof report === 'object' && report !== null && 'vulnerabilities' in report;
    return isReport ? (report as Report) : undefined;
  } catch {
    return undefined; // npm itself failed, and said so in words
  }
}

/** What the registry knows and nobody explained, and explanations that are old or of nothing. */
export function advisoryFaults(
  report: Report,
  explained: readonly ExplainedAdvisory[],
  today: Date,
): string[] {
  const found = new Map(
    Object.values(report.vulnerabilities)
      .flatMap(({ via }) => via)
      .filter((cause) => typeof cause !== 'string') // others name a package that has the cause
      .map((advisory) => [idOf(advisory), advisory] as const),
  );
  const unexplained = [...found].filter(([id]) => explained.every((one) => one.id !== id));
  return [
    ...unexplained.map(
      ([, { name, severity, title, url }]) => `${name}: ${title} (${severity}), ${url}`,
    ),
    ...explained
      .filter(({ id }) => !found.has(id))
      .map(({ id }) => `${id} is explained, and not there any more.`),
    ...explained
      .filter(({ on }) => today.getTime() - Date.parse(on) > halfAYear)
      .map(({ id, on }) => `The explanation of ${id} is of ${on}: look at it again.`),
  ];
}

function idOf({ url }: Advisory): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

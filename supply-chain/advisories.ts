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

/**
 * What `npm audit --json` printed: what the registry knows, or what it answered instead, or that npm
 * has not come so far as to ask it.
 */
export type Answer =
  { readonly report: Report } | { readonly unanswered: string } | { readonly failed: string };

export function readAnswer(printed: string): Answer {
  try {
    const told: unknown = JSON.parse(printed);
    if (typeof told !== 'object' || told === null) return { failed: printed };
    if ('vulnerabilities' in told) return { report: told as Report };
    // So it prints what became of its request; its own troubles have a code instead.
    if ('message' in told) return { unanswered: String(told.message) };
    return { failed: printed };
  } catch {
    return { failed: printed };
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

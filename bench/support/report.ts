import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import type { Ratio } from './statistics.ts';

/** One line of the table. */
export interface Row {
  readonly number: string;
  readonly scenario: string;
  readonly ours: string;
  readonly baseline: string;
  readonly ratio?: Ratio;
  readonly reach: string;
  /** Undefined where nothing is asked for. */
  readonly met: boolean | undefined;
  readonly rounds: number;
}

export interface Run {
  readonly startedAt: Date;
  readonly seconds: number;
  readonly mode: 'quick' | 'full';
  readonly users: number;
  readonly postgresVersion: string;
  /** The load averages at the start: whether the machine was busy with something else. */
  readonly load: readonly number[];
}

const heads = [
  '#',
  'scenario',
  'Gatehouse',
  'baseline',
  'ratio',
  'spread',
  'reach',
  'met',
  'rounds',
];

function cells(row: Row): string[] {
  const { ratio } = row;
  const spread = ratio && `${ratio.min.toFixed(2)} – ${ratio.max.toFixed(2)}`;
  return [
    row.number,
    row.scenario,
    row.ours,
    row.baseline,
    ratio?.median.toFixed(2) ?? '–',
    spread ?? '–',
    row.reach,
    row.met === undefined ? '–' : row.met ? 'yes' : 'NO',
    String(row.rounds),
  ];
}

export function table(rows: readonly Row[]): string {
  const lines = [heads, ...rows.map(cells)];
  const widths = heads.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const [head = '', ...body] = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [head, rule, ...body].join('\n');
}

export function describe(run: Run): string {
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0);
  return [
    `- ${run.startedAt.toISOString()}, ${run.mode}, ${run.users.toLocaleString('en')} users, ` +
      `${run.seconds.toFixed(0)} s`,
    `- ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ` +
      `${gibibytes} GiB, ${process.platform} ${release()}; ` +
      `load average at the start ${run.load.map((value) => value.toFixed(1)).join(' ')}`,
    `- Node ${process.versions.node}, PostgreSQL ${run.postgresVersion} (embedded, its defaults)`,
  ].join('\n');
}

export function writeResults(file: string, run: Run, rows: readonly Row[]): void {
  const text = [
    '# Results',
    '',
    'Written by `npm run bench`. Gatehouse and its baseline took turns, round by round, on the same',
    'machine; the ratio is the median of the rounds, the spread their least and greatest ratio.',
    '',
    describe(run),
    '',
    table(rows),
    '',
  ];
  writeFileSync(file, text.join('\n'));
}

export const milliseconds = (value: number) =>
  `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
export const seconds = (value: number) => `${(value / 1000).toFixed(2)} s`;
export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
export const perSecond = (value: number) =>
  `${value < 100 ? value.toFixed(1) : value.toFixed(0)} /s`;

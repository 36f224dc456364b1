import { transaction, type Ctx } from '../context.ts';
import { isOwnerSeatFree } from '../features/registration/owner.service.ts';
import { importFields } from '../features/user-import/import-row.rules.ts';
import {
  importUsers,
  prepareImport,
  tryImport,
} from '../features/user-import/user-import.service.ts';
import { exitCode, textOption, type Call, type Command, type ExitCode } from './command.ts';
import { onService } from './database.ts';
import { readCsv } from './files/csv.ts';
import { formatOf } from './files/format.ts';
import { readNdjson } from './files/ndjson.ts';
import { openSource, type Source } from './files/source.ts';
import { importRows, type Totals } from './import-rows.ts';
import { showProgress } from './progress.ts';
import { RefusalReport } from './refusal-report.ts';

export const importCommand: Command = {
  operands: ['FILE'],
  description: [
    'Makes users from CSV with a header or from newline-delimited JSON; "-" is standard input.',
    `Fields: ${importFields.slice(0, 7).join(', ')},`,
    `${importFields.slice(7).join(', ')}. Only email and passwordHash have to be there.`,
    '',
    'Rows whose address has an account are skipped, so an import can be repeated, and goes on',
    'where it was cut short. Rows that break a rule are refused and told, the others are taken.',
  ].join('\n'),
  options: {
    format: {
      type: 'string',
      value: 'FORMAT',
      help: 'csv or ndjson; else as the name of FILE ends',
    },
    'dry-run': { type: 'boolean', help: 'only tell what would be taken and refused' },
    report: {
      type: 'string',
      value: 'FILE',
      help: 'list every refused row there, a line of JSON each',
    },
  },
  async run(call) {
    const [file = ''] = call.operands;
    const format = formatOf(file, textOption(call, 'format'));
    const source = await openSource(file);
    const report = await RefusalReport.open(call.output, textOption(call, 'report'));
    return onService(async (ctx) => {
      const startedAt = Date.now();
      const rows = format === 'csv' ? readCsv(source.chunks) : readNdjson(source.chunks);
      const totals = await takeAll(ctx, call, source, rows, report).finally(() => report.close());
      return conclude(call, totals, report, (Date.now() - startedAt) / 1000, ctx);
    });
  },
};

async function takeAll(
  ctx: Ctx,
  { output, options, signal }: Call,
  source: Source,
  rows: ReturnType<typeof readCsv>,
  report: RefusalReport,
): Promise<Totals> {
  const progress = showProgress(output, source.size);
  const common = {
    knowledge: await prepareImport(ctx),
    signal,
    onDone: async ({ read }: Totals, refused: Parameters<RefusalReport['add']>[0]) => {
      if (refused.length > 0) progress.end();
      await report.add(refused);
      progress.update(source.read(), read);
    },
  };
  const all =
    options['dry-run'] === true
      ? // One transaction, whose only tables are temporary: nothing is made, nobody waits for it.
        transaction(ctx, (ctx) =>
          importRows(rows, { ...common, make: (users) => tryImport(ctx, users) }),
        )
      : importRows(rows, { ...common, make: (users) => importUsers(ctx, users) });
  return all.finally(() => progress.end());
}

async function conclude(
  { output, options, signal }: Call,
  totals: Totals,
  report: RefusalReport,
  seconds: number,
  ctx: Ctx,
): Promise<ExitCode> {
  const dryRun = options['dry-run'] === true;
  const { count: refused, first: refusedRows } = report;
  const outcome = { ...totals, refused, dryRun, interrupted: signal.aborted, seconds, refusedRows };
  output.finish(outcome, inWords(totals, refused, dryRun, seconds));
  if (!dryRun && (await isOwnerSeatFree(ctx))) {
    output.warn('Nobody is Owner yet: the next who registers will be. See: gatehouse create-owner');
  }
  if (signal.aborted) {
    output.warn('Interrupted. The same import goes on from here.');
    return exitCode.interrupted;
  }
  return refused > 0 ? exitCode.refusedRows : exitCode.done;
}

function inWords(totals: Totals, refused: number, dryRun: boolean, seconds: number): string {
  const count = (number: number) => number.toLocaleString('en');
  const rate = count(Math.round(totals.read / Math.max(seconds, 0.001)));
  return [
    `${dryRun ? 'Would import' : 'Imported'} ${count(totals.imported)} of ${count(totals.read)} rows`,
    `${count(totals.skipped)} skipped, for there is an account`,
    `${count(refused)} refused`,
    `${seconds.toFixed(1)} s, ${rate} rows a second`,
  ].join('; ');
}

import type { Ctx } from '../context.ts';
import { exportUsers, type ExportedUser } from '../features/user-export/user-export.service.ts';
import { importFields } from '../features/user-import/import-row.rules.ts';
import { exitCode, textOption, UsageError, type Call, type Command } from './command.ts';
import { onService } from './database.ts';
import { csvLine } from './files/csv.ts';
import { formatOf } from './files/format.ts';
import { ndjsonLine } from './files/ndjson.ts';
import { openTarget, type Target } from './files/target.ts';
import { showProgress } from './progress.ts';

export const exportCommand: Command = {
  operands: ['FILE'],
  description: [
    'Writes all users by their ids, as they were at one moment, in the form that an import reads;',
    '"-" is standard output. A file is there when it is whole, and takes the place of an older one.',
    'Password hashes, which an import needs, are only written when they are asked for. That users',
    'were exported is in the audit log.',
  ].join('\n'),
  options: {
    format: {
      type: 'string',
      value: 'FORMAT',
      help: 'csv or ndjson; else as the name of FILE ends',
    },
    'with-password-hashes': { type: 'boolean', help: 'write the bcrypt hashes too' },
    'escape-formulas': {
      type: 'boolean',
      help: 'put an apostrophe before cells of CSV that a spreadsheet would run',
    },
  },
  async run(call) {
    const [file = ''] = call.operands;
    const { output } = call;
    const print = printer(call, file);
    if (file === '-' && output.json) {
      throw new UsageError('--json and "-" both write to standard output.');
    }
    const target = await openTarget(file);
    const startedAt = Date.now();
    try {
      const exported = await onService((ctx) => writeAll(ctx, call, target, print));
      await target.finish();
      const seconds = (Date.now() - startedAt) / 1000;
      const words = `Exported ${exported.toLocaleString('en')} users; ${seconds.toFixed(1)} s`;
      output.finish({ exported, seconds }, words);
      return exitCode.done;
    } finally {
      await target.discard();
    }
  },
};

interface Printer {
  readonly head: string;
  readonly line: (user: ExportedUser) => string;
}

function printer(call: Call, file: string): Printer {
  const escapeFormulas = call.options['escape-formulas'] === true;
  const fields = importFields.filter(
    (field) => field !== 'passwordHash' || call.options['with-password-hashes'] === true,
  );
  if (formatOf(file, textOption(call, 'format')) === 'ndjson') {
    if (escapeFormulas) throw new UsageError('--escape-formulas is for CSV.');
    return { head: '', line: (user) => ndjsonLine({ ...user }) };
  }
  return {
    head: `${fields.join(',')}\r\n`,
    line: (user) => csvLine({ ...user }, fields, escapeFormulas),
  };
}

async function writeAll(
  ctx: Ctx,
  { options, output, signal }: Call,
  target: Target,
  { head, line }: Printer,
): Promise<number> {
  const progress = showProgress(output, undefined);
  let exported = 0;
  await target.write(head);
  await exportUsers(ctx, options['with-password-hashes'] === true, async (users) => {
    signal.throwIfAborted();
    await target.write(users.map(line).join(''));
    exported += users.length;
    progress.update(exported, exported);
  }).finally(() => progress.end());
  return exported;
}

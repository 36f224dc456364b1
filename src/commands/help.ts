import type { Command, CommandOption } from './command.ts';

/** What there is to call. */
export function overview(
  commands: readonly { readonly name: string; readonly summary: string }[],
): string {
  return [
    'Usage: gatehouse COMMAND [OPTIONS]',
    '',
    'Works on the database of the server: DATABASE_URL, or the embedded one of DATA_DIR,',
    'whether a server is running on it or not.',
    '',
    'Commands:',
    ...inColumns(commands.map(({ name, summary }) => [name, summary])),
    '',
    'Options:',
    ...inColumns([
      ['-h, --help', 'show this, or after a command what it does and takes'],
      ['-V, --version', 'show the version'],
    ]),
    '',
    'Exit codes: 0 done, 1 failed, 2 not understood, 3 some rows were refused, 130 interrupted.',
  ].join('\n');
}

/** What a command does and how it is called. */
export function helpOf(
  name: string,
  { operands, description, options }: Command,
  standard: Readonly<Record<string, CommandOption>>,
): string {
  const usage = ['Usage: gatehouse', name, ...operands, '[OPTIONS]'].join(' ');
  const lines = Object.entries({ ...options, ...standard }).map(
    ([option, { short, value, help }]) => [
      `${short === undefined ? '    ' : `-${short}, `}--${option}${value === undefined ? '' : ` ${value}`}`,
      help,
    ],
  );
  return [usage, '', description, '', 'Options:', ...inColumns(lines)].join('\n');
}

function inColumns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([first = '']) => first.length));
  return rows.map(([first = '', second = '']) => `  ${first.padEnd(width)}  ${second}`);
}

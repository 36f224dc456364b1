import { open, type FileHandle } from 'node:fs/promises';
import type { RefusedRow } from '../features/user-import/insertion.service.ts';
import { ndjsonLine } from './files/ndjson.ts';
import type { Output } from './output.ts';

// The rest is in the report, if one is wanted: neither a terminal nor memory takes a million.
const maxShown = 20;
const maxKept = 100;

/** Tells which rows were refused and why: all of them in a file, the first ones otherwise. */
export class RefusalReport {
  count = 0;
  /** The first refused rows. */
  readonly first: RefusedRow[] = [];

  private constructor(
    private readonly output: Output,
    private readonly file: FileHandle | undefined,
  ) {}

  /** With a path, writes a line of JSON for each row, over what the file held. */
  static async open(output: Output, path: string | undefined): Promise<RefusalReport> {
    return new RefusalReport(output, path === undefined ? undefined : await open(path, 'w', 0o600));
  }

  async add(rows: readonly RefusedRow[]): Promise<void> {
    for (const row of rows) {
      this.count += 1;
      if (this.first.length < maxKept) this.first.push(row);
      if (this.count <= maxShown) this.output.warn(`  ${inWords(row)}`);
    }
    if (rows.length > 0)
      await this.file?.appendFile(rows.map((row) => ndjsonLine({ ...row })).join(''));
  }

  async close(): Promise<void> {
    const hidden = this.count - maxShown;
    if (hidden > 0) {
      const where = this.file === undefined ? '; --report FILE lists them all' : '';
      this.output.warn(`  and ${hidden.toLocaleString('en')} more${where}`);
    }
    await this.file?.close();
  }
}

function inWords({ line, email, errors }: RefusedRow): string {
  const reasons = errors.map(({ field, code, message }) => {
    return `${field === null ? '' : `${field} `}${message} (${code})`;
  });
  return `line ${line}${email === null ? '' : `, ${printable(email)}`}: ${reasons.join('; ')}`;
}

/** Nothing of a file may steer the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '�');
}

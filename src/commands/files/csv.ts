import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ErrorCode } from '../../errors.ts';
import { importFields } from '../../features/user-import/import-row.rules.ts';
import { isSingleField } from '../../features/user-import/single-field.rules.ts';
import { CommandError } from '../command.ts';
import { decode, maxRowBytes, withoutMark, type ReadRow } from './format.ts';

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * The rows of CSV (RFC 4180) under a header that names their fields. A row that is wrong by itself
 * is refused; after a quote that is wrong everything is a guess, and the file ends there.
 */
export async function* readCsv(chunks: AsyncIterable<Buffer>): AsyncGenerator<ReadRow> {
  const parser = parse({
    // A character a byte: whether a cell is UTF-8 is found out where a row can be refused.
    encoding: 'latin1',
    record_delimiter: ['\r\n', '\n'],
    max_record_size: maxRowBytes,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
  });
  let header: readonly string[] | undefined;
  const source = Readable.from(withoutMark(chunks), { objectMode: false });
  source.on('error', (error) => parser.destroy(error)).pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      if (header === undefined) header = readHeader(record);
      else yield readRecord(header, record, info.lines - lineFeedsIn(record));
    }
  } catch (error) {
    throw error instanceof CsvError ? new CommandError(explain(error)) : error;
  } finally {
    source.destroy();
  }
  if (header === undefined) throw new CommandError('The file is empty: it has no header.');
}

/** csv-parse tells the last line of a record. */
function lineFeedsIn(record: readonly string[]): number {
  return record.reduce((count, cell) => count + cell.split('\n').length - 1, 0);
}

function explain({ code, message, lines }: CsvError & { readonly lines?: unknown }): string {
  if (code === 'CSV_MAX_RECORD_SIZE') {
    return `The row near line ${String(lines)} is longer than ${maxRowBytes} bytes. Is a quote missing?`;
  }
  return `The file is not CSV. ${message}.`;
}

const required = ['email', 'passwordHash'];

function readHeader(record: readonly string[]): string[] {
  const names = record.map((name) => name.trim());
  const known: readonly string[] = importFields;
  const faults = [
    ...names
      .filter((name) => !known.includes(name) && !isSingleField(name))
      .map((name) => `"${name}" is not a field`),
    ...names
      .filter((name, at) => names.indexOf(name) !== at)
      .map((name) => `${name} is there twice`),
    ...required.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
  ];
  if (faults.length === 0) return names;
  const accepted = `accepted: ${known.join(', ')}, customFields.KEY`;
  throw new CommandError(`The header cannot be used: ${faults.join('; ')}; ${accepted}.`);
}

function readRecord(header: readonly string[], record: readonly string[], line: number): ReadRow {
  if (record.length !== header.length) {
    const message = `must have ${header.length} cells, as the header has`;
    return { line, email: null, errors: [{ code: ErrorCode.INVALID, field: null, message }] };
  }
  const values: Record<string, unknown> = {};
  for (const [at, name] of header.entries()) {
    const text = textOf(record[at] ?? '');
    if (text === undefined) {
      const error = { code: ErrorCode.INVALID, field: name, message: 'must be UTF-8' };
      return { line, email: null, errors: [error] };
    }
    if (text !== '') values[name] = readCell(name, text);
  }
  return { line, values };
}

function textOf(cell: string): string | undefined {
  return /[\u0080-\u00ff]/.test(cell) ? decode(Buffer.from(cell, 'latin1')) : cell;
}

/** Cells are text; these fields are more. What cannot be read stays text, and is refused as such. */
function readCell(name: string, text: string): unknown {
  if (name === 'isActive') return { true: true, false: false }[text.trim().toLowerCase()] ?? text;
  if (name === 'customFields') return parseJson(text);
  if (name !== 'roles') return text;
  return text.trim().startsWith('[') ? parseJson(text) : text.split(';');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a SyntaxError is how JSON says no
  }
}

/**
 * A line of CSV. Spreadsheets take a cell that begins with one of `=+-@` for a formula, in quotes
 * as well; with `escapeFormulas` such cells get an apostrophe, and are no longer what they were.
 */
export function csvLine(
  values: Readonly<Record<string, unknown>>,
  fields: readonly string[],
  escapeFormulas: boolean,
): string {
  const cells = fields.map((field) => {
    const text = writeCell(values[field]);
    return quote(escapeFormulas && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  });
  return `${cells.join(',')}\r\n`;
}

function writeCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (isListOfNames(value)) return value.join(';');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether these names, with semicolons between them, are read as they are written. */
function isListOfNames(value: unknown): value is string[] {
  if (!Array.isArray(value) || String(value[0]).startsWith('[')) return false;
  return value.every((name) => typeof name === 'string' && !name.includes(';'));
}

function quote(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

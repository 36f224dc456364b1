import { extname } from 'node:path';
import type { RefusedRow } from '../../features/user-import/insertion.service.ts';
import type { SourceRow } from '../../features/user-import/import-row.rules.ts';
import { UsageError } from '../command.ts';

export type FileFormat = 'csv' | 'ndjson';

/** A row as a file has it, or what keeps it from being one. */
export type ReadRow = SourceRow | RefusedRow;

/** Longer rows are no users: a hundred custom fields have 16 KiB. */
export const maxRowBytes = 1024 * 1024;

const byExtension: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
};

/** The format that is asked for, or that the name of the file tells. */
export function formatOf(file: string, wanted: string | undefined): FileFormat {
  if (wanted === 'csv' || wanted === 'ndjson') return wanted;
  if (wanted !== undefined) throw new UsageError(`--format takes csv or ndjson, not "${wanted}".`);
  const format = byExtension[extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new UsageError(`Say --format csv or --format ndjson: "${file}" does not tell which it is.`);
}

const strictly = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of these bytes, or undefined when they are not UTF-8. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return strictly.decode(bytes);
  } catch {
    return undefined; // a TypeError is how TextDecoder says no
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** The same bytes without the mark that some programs write at the beginning of UTF-8. */
export async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < byteOrderMark.length) continue;
    yield start.subarray(startsWithMark(start) ? byteOrderMark.length : 0);
    start = undefined;
  }
  if (start !== undefined && start.length > 0) yield start;
}

function startsWithMark(bytes: Buffer): boolean {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
}

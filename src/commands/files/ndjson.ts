import { ErrorCode } from '../../errors.ts';
import { decode, maxRowBytes, withoutMark, type ReadRow } from './format.ts';

/** The rows of newline-delimited JSON: an object a line. Empty lines are passed over. */
export async function* readNdjson(chunks: AsyncIterable<Buffer>): AsyncGenerator<ReadRow> {
  let line = 0;
  for await (const bytes of linesOf(withoutMark(chunks))) {
    line += 1;
    if (bytes === tooLong) {
      yield refused(line, ErrorCode.TOO_LONG, `must have at most ${maxRowBytes} bytes`);
      continue;
    }
    const text = decode(bytes);
    if (text === undefined) yield refused(line, ErrorCode.INVALID, 'must be UTF-8');
    else if (text.trim() !== '') yield readLine(line, text);
  }
}

function readLine(line: number, text: string): ReadRow {
  const values = parse(text);
  if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
    return { line, values: values as Readonly<Record<string, unknown>> };
  }
  return refused(line, ErrorCode.INVALID, 'must be a JSON object');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a SyntaxError is how JSON says no
  }
}

function refused(line: number, code: ErrorCode, message: string): ReadRow {
  return { line, email: null, errors: [{ code, field: null, message }] };
}

const tooLong = Symbol('a line that is too long');
const lineFeed = 0x0a;

/** Cuts at line feeds. Of what is longer than a row may be, no more is kept than that. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer | typeof tooLong> {
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    length += part.length;
    if (length <= maxRowBytes) parts.push(part);
    else parts = [];
  };
  const take = () => {
    const line = length > maxRowBytes ? tooLong : Buffer.concat(parts);
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield take();
}

/** A line of newline-delimited JSON. */
export function ndjsonLine(values: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(values)}\n`;
}

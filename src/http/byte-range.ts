import type { IncomingHttpHeaders } from 'node:http';
import type { ByteRange } from '../context.ts';

/**
 * The part of a file that a request asks for (RFC 9110, 14.2). Undefined for all of it: also when
 * several parts are asked for, when what is asked cannot be read, and when the sender has a part of
 * another file, by `If-Range`.
 */
export function rangeOf(
  { range, 'if-range': ifRange }: IncomingHttpHeaders,
  etag: string,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return undefined;
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range) ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  // `-500` are the last 500 bytes.
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return start > end ? 'unsatisfiable' : { start, end };
}

/** Whether the sender has the file already, by `If-None-Match` (RFC 9110, 13.1.2). */
export function isKnown({ 'if-none-match': known }: IncomingHttpHeaders, etag: string): boolean {
  const tags = (known ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

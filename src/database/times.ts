import pg from 'pg';

interface TypeParsers {
  getTypeParser(oid: number, format?: string): unknown;
}

const ofTheDriver: TypeParsers = pg.types;
const timestamptz: number = pg.types.builtins.TIMESTAMPTZ;
const readAnyTime = ofTheDriver.getTypeParser(timestamptz, 'text') as (text: string) => Date;

/** What a pool reads values with: as `pg` does, but times a few times as fast. */
export const typeParsers: TypeParsers = {
  getTypeParser: (oid, format) =>
    oid === timestamptz && format !== 'binary' ? readTime : ofTheDriver.getTypeParser(oid, format),
};

const toTheSecond = '2026-11-26 08:05:09+00'.length;
const toTheMillisecond = '2026-11-26 08:05:09.123+00'.length;

/**
 * A time as PostgreSQL writes it. A page of users has hundreds of them, and reading them by
 * patterns, as the driver does, took longer than reading all the rest of its rows.
 */
export function readTime(text: string): Date {
  const { length } = text;
  const year = pair(text, 0) * 100 + pair(text, 2);
  const isPlain =
    length >= toTheSecond && length <= toTheMillisecond && text.endsWith('+00') && year >= 100;
  // Another zone, microseconds, a year of five digits, infinity; and `Date.UTC` takes 99 for 1999.
  if (!isPlain || text[4] !== '-') return readAnyTime(text);
  return new Date(
    Date.UTC(
      year,
      pair(text, 5) - 1,
      pair(text, 8),
      pair(text, 11),
      pair(text, 14),
      pair(text, 17),
      millisecondsOf(text, length - toTheSecond - 1),
    ),
  );
}

/** PostgreSQL leaves the last noughts of a fraction away. */
function millisecondsOf(text: string, digits: number): number {
  if (digits === 3) return digit(text, 20) * 100 + pair(text, 21);
  if (digits === 2) return pair(text, 20) * 10;
  return digits === 1 ? digit(text, 20) * 100 : 0;
}

function pair(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  return text.charCodeAt(at) - 48;
}

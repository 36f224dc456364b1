import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/**
 * Where a row stands in an ordered list: the value it is ordered by, as text, and its id. Rows that
 * come and go meanwhile move no other row, as they would on a numbered page.
 */
export interface Position {
  readonly key: string;
  readonly id: string;
}

/** A part of an ordered list, cut as the Relay specification cuts it. */
export interface Stretch {
  /** So many from the beginning, or from the end; with both, the last of the first. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Only what comes after, and only what comes before these places of the list. */
  readonly after: Position | undefined;
  readonly before: Position | undefined;
}

/** The rows of a stretch in the order of the list, and whether there are more on either side. */
export interface StretchOf<Row> {
  readonly rows: readonly Row[];
  readonly hasMoreBefore: boolean;
  readonly hasMoreAfter: boolean;
}

/** How the text of a position becomes a value of the expression a list is ordered by. */
const valueOf = {
  time: (key: string) => `CAST(${key} AS timestamptz)`,
  // By PostgreSQL and not here: the two do not agree on every letter, and the index is its own.
  caseless: (key: string) => `lower(CAST(${key} AS text))`,
} as const;

/** What a list is ordered by; the id breaks ties, in the same direction. */
export interface KeysetOrder {
  /** The SQL expression, spelled as in the index that carries the order. */
  readonly column: string;
  readonly idColumn: string;
  readonly type: keyof typeof valueOf;
  readonly direction: 'ASC' | 'DESC';
}

/**
 * Reads a stretch of what `query` finds. One row more than wanted tells whether there are more;
 * beyond a bound there is the row of the bound itself, so that is never asked for.
 */
export async function readStretch<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  order: KeysetOrder,
  { first, last, after, before }: Stretch,
): Promise<StretchOf<Row>> {
  const ascending = order.direction === 'ASC';
  beyond(query, order, ascending ? '>' : '<', 'after', after);
  beyond(query, order, ascending ? '<' : '>', 'before', before);
  if (first !== undefined) {
    const found = await read(query, order, order.direction, first + 1);
    const rows = found.slice(0, first);
    const hasMoreAfter = found.length > first;
    if (last === undefined) return { rows, hasMoreBefore: after !== undefined, hasMoreAfter };
    return { rows: rows.slice(-last), hasMoreBefore: found.length > last, hasMoreAfter };
  }
  const limit = last ?? 0;
  const found = await read(query, order, ascending ? 'DESC' : 'ASC', limit + 1);
  const rows = found.slice(0, limit).reverse();
  return { rows, hasMoreBefore: found.length > limit, hasMoreAfter: before !== undefined };
}

function read<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  { column, idColumn }: KeysetOrder,
  direction: 'ASC' | 'DESC',
  limit: number,
): Promise<Row[]> {
  return query.orderBy(column, direction).addOrderBy(idColumn, direction).limit(limit).getMany();
}

/** One comparison of both at once, which PostgreSQL answers by where it enters the index. */
function beyond<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  { column, idColumn, type }: KeysetOrder,
  comparison: '<' | '>',
  name: 'after' | 'before',
  position: Position | undefined,
): void {
  if (position === undefined) return;
  const bound = `${valueOf[type](`:${name}Key`)}, CAST(:${name}Id AS uuid)`;
  query.andWhere(`(${column}, ${idColumn}) ${comparison} (${bound})`, {
    [`${name}Key`]: position.key,
    [`${name}Id`]: position.id,
  });
}

import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/**
 * Where a row stands in an ordered list: the value it is ordered by, as text, and its id. Rows that
 * come and go meanwhile move no other row, as they would on a numbered page.
 */
export interface Position {
  readonly key: string;
  readonly id: string;
}

/** A part of an ordered list: so many rows from its beginning, or, backward, up to its end. */
export interface Stretch {
  readonly limit: number;
  readonly backward: boolean;
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

/** What a list is ordered by; the id breaks ties, in the same direction. */
export interface KeysetOrder {
  /** The SQL expression, spelled as in the index that carries the order. */
  readonly column: string;
  readonly idColumn: string;
  /** The SQL type of the expression, which the text of a position is cast to. */
  readonly type: 'timestamptz' | 'text';
  readonly direction: 'ASC' | 'DESC';
}

/**
 * Reads a stretch of what `query` finds. The rows of both bounds are known to exist, so what lies
 * beyond a bound is never asked for; one row more than wanted tells whether there are more.
 */
export async function readStretch<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  order: KeysetOrder,
  stretch: Stretch,
): Promise<StretchOf<Row>> {
  const { limit, backward, after, before } = stretch;
  const { column, idColumn, direction } = order;
  const opposite = direction === 'ASC' ? 'DESC' : 'ASC';
  const read = backward ? opposite : direction;
  beyond(query, order, direction === 'ASC' ? '>' : '<', 'after', after);
  beyond(query, order, direction === 'ASC' ? '<' : '>', 'before', before);
  const found = await query
    .orderBy(column, read)
    .addOrderBy(idColumn, read)
    .limit(limit + 1)
    .getMany();
  const rows = found.slice(0, limit);
  const hasMore = found.length > limit;
  return backward
    ? { rows: rows.reverse(), hasMoreBefore: hasMore, hasMoreAfter: before !== undefined }
    : { rows, hasMoreBefore: after !== undefined, hasMoreAfter: hasMore };
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
  query.andWhere(
    `(${column}, ${idColumn}) ${comparison} (:${name}Key::${type}, :${name}Id::uuid)`,
    { [`${name}Key`]: position.key, [`${name}Id`]: position.id },
  );
}

import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { Denial } from '../errors.ts';
import { parseId } from '../identifiers.ts';
import type { KeysetOrder, Position, Stretch, StretchOf } from '../keyset.ts';
import { hasForbiddenCharacters } from '../text.ts';

const defaultLimit = 10;
const maxLimit = 100;

/** The arguments of a connection, as the Relay specification names them. */
@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, { nullable: true, description: 'How many from the beginning, from 1 to 100.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes after this cursor.' })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many up to the end, from 1 to 100.' })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes before this cursor.' })
  before?: string | null;
}

@ObjectType({ description: 'Whether a connection goes on, and from where.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more comes after the last edge.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether more comes before the first edge.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first edge.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last edge.' })
  endCursor!: string | null;
}

/** What a cursor says of the order it belongs to, and what its keys are. */
export type CursorOrder = Pick<KeysetOrder, 'type'> & {
  /** Of this list and no other: a cursor of another list or order is refused. */
  readonly name: string;
};

/**
 * What a connection asks for in the list ordered by `order`; without a number, the first ten.
 * Denied as `BAD_USER_INPUT` naming the argument: a number outside 1 to 100, a cursor that is
 * broken or of another order.
 */
export function requireStretch(args: ConnectionArgs, order: CursorOrder): Stretch {
  const last = requireLimit('last', args.last);
  const first = requireLimit('first', args.first);
  return {
    first: first ?? (last === undefined ? defaultLimit : undefined),
    last,
    after: readCursor('after', args.after, order),
    before: readCursor('before', args.before, order),
  };
}

interface Edge<Row> {
  readonly cursor: string;
  readonly node: Row;
}

/** The edges and the page info of what was read; `positionOf` tells where a row stands. */
export function connectionOf<Row>(
  { rows, hasMoreBefore, hasMoreAfter }: StretchOf<Row>,
  order: CursorOrder,
  positionOf: (row: Row) => Position,
): { edges: Edge<Row>[]; pageInfo: PageInfo } {
  const edges = rows.map((node) => ({ cursor: writeCursor(positionOf(node), order), node }));
  const pageInfo = {
    hasNextPage: hasMoreAfter,
    hasPreviousPage: hasMoreBefore,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, pageInfo };
}

function requireLimit(
  argument: 'first' | 'last',
  value: number | null | undefined,
): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (value >= 1 && value <= maxLimit) return value;
  throw badArgument(argument, `${argument} must be from 1 to ${maxLimit}, not ${value}.`);
}

function writeCursor({ key, id }: Position, order: CursorOrder): string {
  return Buffer.from(JSON.stringify([order.name, key, id])).toString('base64url');
}

function readCursor(
  argument: 'after' | 'before',
  cursor: string | null | undefined,
  order: CursorOrder,
): Position | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  const position = parseCursor(cursor, order);
  // Decoding overlooks what is not base64; what was written here comes out the same once more.
  if (position !== undefined && writeCursor(position, order) === cursor) return position;
  throw badArgument(argument, `${argument} is not a cursor of this list in this order.`);
}

function parseCursor(cursor: string, order: CursorOrder): Position | undefined {
  const parts = parseJson(Buffer.from(cursor, 'base64url').toString());
  if (!Array.isArray(parts)) return undefined;
  const [, key, id] = parts as unknown[];
  if (typeof key !== 'string' || typeof id !== 'string') return undefined;
  return isKey(key, order) && parseId(id) !== undefined ? { key, id } : undefined;
}

/** Whether PostgreSQL will take it for one: a forged cursor is bad input and never a fault. */
function isKey(key: string, { type }: CursorOrder): boolean {
  if (type === 'caseless') return !hasForbiddenCharacters(key);
  // As `Date` writes it: no 31st of February and no 24 o'clock. PostgreSQL knows no year 0.
  const time = new Date(key);
  return !Number.isNaN(time.getTime()) && time.toISOString() === key && /^(?!0000)\d/.test(key);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a SyntaxError is how JSON says no
  }
}

function badArgument(argument: string, message: string): Denial {
  return new Denial('BAD_USER_INPUT', message, { argument });
}

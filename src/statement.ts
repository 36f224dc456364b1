import type { EntityManager } from 'typeorm';

/**
 * A statement that reads rows. One with a name, always of the same text, is planned once by every
 * connection, for whatever values; one without is planned for the values it is sent with.
 */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** Reads rows past the ORM, in the transaction where `db` has one: for lists and searches. */
export type ReadRows = <Row>(
  db: EntityManager,
  statement: Statement,
  values: readonly unknown[],
) => Promise<Row[]>;

/**
 * A statement that finds rows for many keys, the array `$1`. Each row tells the `place` of its key
 * in it, from 1. Every connection plans it once, under its name, and then only runs it.
 */
export interface Lookup {
  readonly name: string;
  readonly text: string;
}

/** Finds the row of one key, past the ORM: for the one statement every request needs. */
export type LookUp = <Row>(lookup: Lookup, key: Buffer) => Promise<Row | undefined>;

import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { Lookup, LookUp } from '../statement.ts';
import { poolOf } from './data-source.ts';

// Of 8, 16 and 32 keys, 16 served most with 32 busy connections, by some 5 %, which is also how much
// rounds differ. One key at a time serves less than half.
const maxBatchSize = 16;

/**
 * Looks rows up on the pool that TypeORM keeps: PostgreSQL parses and plans each statement once a
 * connection, and TypeORM's query runner stays out of the way. Not for use in transactions.
 *
 * What is asked for in one turn of the event loop shares a statement. Under load that doubles the
 * requests a process serves; one that comes alone waits for nobody.
 *
 * Behind a pooler the statements have no names: the next one may go to a connection that does not
 * know them, and to what does not keep track of them, as PgBouncer before 1.21.
 */
export function createLookUp(dataSource: DataSource, isPooled: boolean): LookUp {
  const pool = poolOf(dataSource);
  const loaders = new Map<Lookup, DataLoader<Buffer, unknown>>();

  function loaderOf(lookup: Lookup): DataLoader<Buffer, unknown> {
    const known = loaders.get(lookup);
    if (known !== undefined) return known;
    const loader = new DataLoader(
      (keys: readonly Buffer[]) => findAll(pool, isPooled ? { text: lookup.text } : lookup, keys),
      {
        cache: false, // what is true for one request may not be for the next
        maxBatchSize,
        batchScheduleFn: (dispatch) => setImmediate(dispatch), // comes after all that was received
      },
    );
    loaders.set(lookup, loader);
    return loader;
  }

  return async <Row>(lookup: Lookup, key: Buffer) =>
    (await loaderOf(lookup).load(key)) as Row | undefined;
}

async function findAll(
  pool: Pool,
  statement: Pick<Lookup, 'text'>,
  keys: readonly Buffer[],
): Promise<unknown[]> {
  const found = Array<unknown>(keys.length).fill(undefined);
  const { rows } = await pool.query<{ place: number }>({ ...statement, values: [keys] });
  for (const row of rows) found[row.place - 1] = row;
  return found;
}

import type { ReadRows } from '../statement.ts';
import { poolOf } from './data-source.ts';

/**
 * Reads on the pool that TypeORM keeps, of the primary or of a replica. Behind a pooler the
 * statements have no names, as in `createLookUp`.
 */
export function createReadRows(isPooled: boolean): ReadRows {
  return async <Row>(...[db, { name, text }, values]: Parameters<ReadRows>) => {
    // In a transaction only its own connection sees what it has done.
    if (db.queryRunner !== undefined) return db.query<Row[]>(text, [...values]);
    const statement = name === undefined || isPooled ? { text } : { name, text };
    const { rows } = await poolOf(db.dataSource).query({ ...statement, values: [...values] });
    return rows as Row[];
  };
}

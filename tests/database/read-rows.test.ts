import { expect, onTestFinished, test } from 'vitest';
import { createDataSource } from '../../src/database/data-source.ts';
import { createReadRows } from '../../src/database/read-rows.ts';
import { createTestDatabase } from '../support/database.ts';

/** One connection, and what it keeps planned. */
async function openConnection(isPooled: boolean) {
  const database = await createTestDatabase({ empty: true });
  const dataSource = await createDataSource(database.url, 1).initialize();
  onTestFinished(async () => {
    await dataSource.destroy();
    await database.drop();
  });
  const db = dataSource.manager;
  const readRows = createReadRows(isPooled);
  const plans = () =>
    readRows<{ name: string }>(db, { text: 'SELECT name FROM pg_prepared_statements' }, []);
  return { db, readRows, plans };
}

const doubled = { name: 'doubled', text: 'SELECT $1::int * 2 AS number' };

test('a statement with a name is kept by its connection, for whatever values', async () => {
  const { db, readRows, plans } = await openConnection(false);
  expect(await readRows(db, doubled, [21])).toEqual([{ number: 42 }]);
  expect(await readRows(db, doubled, [4])).toEqual([{ number: 8 }]);
  expect(await plans()).toEqual([{ name: 'doubled' }]);
});

test('behind a pooler none is', async () => {
  const { db, readRows, plans } = await openConnection(true);
  expect(await readRows(db, doubled, [21])).toEqual([{ number: 42 }]);
  expect(await plans()).toEqual([]);
});

test('in a transaction it reads what the transaction has written', async () => {
  const { db, readRows } = await openConnection(false);
  await db.query('CREATE TABLE things (thing text)');
  await db.transaction(async (db) => {
    await db.query(`INSERT INTO things VALUES ('new')`);
    const statement = { name: 'things', text: 'SELECT thing FROM things' };
    expect(await readRows(db, statement, [])).toEqual([{ thing: 'new' }]);
  });
});

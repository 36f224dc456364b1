import type { Bench } from '../support/bench.ts';
import { timesOf, withDirectory, type Directory } from '../support/directory.ts';
import { milliseconds, type Row } from '../support/report.ts';
import { median, percentiles, ratioOf } from '../support/statistics.ts';

const query = `query ($after: String) {
  usersConnection(first: 100, after: $after) {
    edges { node { id email roleNames } } pageInfo { endCursor }
  }
}`;
const step =
  'query ($after: String) { usersConnection(first: 100, after: $after) { pageInfo { endCursor } } }';

/** Scenario 6: a hundred users nine tenths down the list, against the first hundred. */
export function measureUsersConnection(bench: Bench): Promise<Row[]> {
  return withDirectory(bench, async (directory) => {
    const row = Math.floor(bench.people.count * 0.9);
    const after = await walkTo(directory, row);
    const { rounds, count } = bench.quick ? { rounds: 5, count: 100 } : { rounds: 9, count: 300 };
    const deep: number[] = [];
    const first: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      deep.push(percentiles(await timesOf(count, () => directory.ask(query, { after }))).p50);
      first.push(percentiles(await timesOf(count, () => directory.ask(query))).p50);
    }
    const ratio = ratioOf(deep, first);
    return [
      {
        number: '6',
        scenario: `\`usersConnection(first: 100)\` at row ${row.toLocaleString('en')}, p50`,
        ours: milliseconds(median(deep)),
        baseline: `${milliseconds(median(first))} at row 1`,
        ratio,
        reach: '≤ 1.5',
        met: ratio.median <= 1.5,
        rounds,
      },
    ];
  });
}

/** The cursor of that row, found as a client would: by going there. */
async function walkTo({ ask }: Directory, row: number): Promise<string> {
  let cursor: string | undefined;
  for (let passed = 0; passed < row; passed += 100) {
    cursor = /"endCursor":"([\w-]+)"/.exec(await ask(step, { after: cursor }))?.[1];
    if (cursor === undefined) throw new Error(`The list ended at row ${passed}.`);
  }
  if (cursor === undefined) throw new Error('There are no users to walk over.');
  return cursor;
}

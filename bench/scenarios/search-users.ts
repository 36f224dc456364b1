import type pg from 'pg';
import type { Bench } from '../support/bench.ts';
import { timesOf, warmUp, withDirectory, type Directory } from '../support/directory.ts';
import { milliseconds, type Row } from '../support/report.ts';
import { median, percentiles, ratioOf } from '../support/statistics.ts';

const query = `query ($term: String!) {
  searchUsers(term: $term) { id email username firstName lastName }
}`;

// Of every fourth user, of everyone, of two letters, of a few, of nobody.
const terms = ['ann', 'example', 'an', 'erson4321', 'qzx'];

/** Scenario 7: choosing a user by a term, against the best statement for it through `pg`. */
export function measureSearchUsers(bench: Bench): Promise<Row[]> {
  return withDirectory(bench, async (directory) => {
    const rows: Row[] = [];
    for (const term of terms) {
      await warmUp(
        () => directory.ask(query, { term }),
        () => search(directory.client, term),
      );
    }
    for (const term of terms) rows.push(await measureTerm(bench, directory, term));
    return rows;
  });
}

async function measureTerm(bench: Bench, directory: Directory, term: string): Promise<Row> {
  const { rounds, count } = bench.quick ? { rounds: 5, count: 100 } : { rounds: 9, count: 300 };
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const asked = await timesOf(count, () => directory.ask(query, { term }));
    const read = await timesOf(count, () => search(directory.client, term));
    ours.push(percentiles(asked).p95);
    theirs.push(percentiles(read).p95);
  }
  const ratio = ratioOf(ours, theirs);
  return {
    number: '7',
    scenario: `\`searchUsers("${term}")\`, p95`,
    ours: milliseconds(median(ours)),
    baseline: milliseconds(median(theirs)),
    ratio,
    reach: '≤ 1.5',
    met: ratio.median <= 1.5,
    rounds,
  };
}

async function search(client: pg.Client, term: string): Promise<string> {
  const { rows } = await client.query(byHand, [term]);
  return JSON.stringify({ data: { searchUsers: rows } });
}

const text = `lower(email || E'\\n' || coalesce(username, '') || E'\\n' || coalesce(first_name, '')
  || ' ' || coalesce(last_name, ''))`;
const columns = 'id, email, username, first_name, last_name, created_at';

/** Whole matches, then beginnings, then the rest, at most ten, each branch by its index. */
const byHand = `
  WITH first AS MATERIALIZED (
    SELECT DISTINCT ON (id) ${columns}, whole FROM (
      (SELECT ${columns}, lower(email) = $1 AS whole FROM users
       WHERE lower(email) LIKE $1 || '%' ORDER BY lower(email) USING ~<~ LIMIT 10)
      UNION ALL
      (SELECT ${columns}, lower(username) = $1 FROM users
       WHERE lower(username) LIKE $1 || '%' ORDER BY lower(username) USING ~<~ LIMIT 10)
      UNION ALL
      (SELECT ${columns}, lower(first_name) = $1 FROM users
       WHERE lower(coalesce(first_name, '') || ' ' || coalesce(last_name, '')) LIKE $1 || '%'
       ORDER BY lower(coalesce(first_name, '') || ' ' || coalesce(last_name, '')) USING ~<~
       LIMIT 10)
      UNION ALL
      (SELECT ${columns}, lower(last_name) = $1 FROM users
       WHERE lower(last_name) LIKE $1 || '%' ORDER BY lower(last_name) USING ~<~ LIMIT 10)
    ) AS found ORDER BY id, whole DESC
  ), rest AS (
    SELECT ${columns} FROM users
    WHERE (SELECT count(*) FROM first) < 10 AND ${text} LIKE '%' || $1 || '%'
      AND id NOT IN (SELECT id FROM first)
    ORDER BY created_at DESC, id DESC LIMIT 10
  )
  SELECT ${columns} FROM (
    SELECT ${columns}, CASE WHEN whole THEN 0 ELSE 1 END AS rank FROM first
    UNION ALL SELECT ${columns}, 2 FROM rest
  ) AS ranked ORDER BY rank, CASE WHEN rank < 2 THEN lower(email) END, created_at DESC LIMIT 10`;

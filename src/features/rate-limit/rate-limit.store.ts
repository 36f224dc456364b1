import type { DataSource } from 'typeorm';
import type { Places, RateLimitStore } from '../../context.ts';

/** Keeps the places in PostgreSQL: exact over all instances, and nothing else to install. */
export function createPostgresRateLimits(dataSource: DataSource): RateLimitStore {
  return {
    async take(key, max, windowMilliseconds, count) {
      const [row]: { granted: number; free_in: string }[] = await dataSource.query(takeSql, [
        key,
        max,
        windowMilliseconds / 1000,
        count,
      ]);
      if (row === undefined) throw new Error('The statement that takes places returned no row.');
      const free = Math.ceil(Number(row.free_in) * 1000);
      return { granted: row.granted, freeInMilliseconds: free } satisfies Places;
    },
  };
}

/**
 * One statement, so one atomic step: the row's lock makes attempts on a key take turns, and each
 * sees the places the one before it took. `clock_timestamp()` and not `now()`: the time when the
 * turn comes, on the one clock that all instances share.
 */
const takeSql = `
  INSERT INTO rate_limits AS r (key, places, granted, expires_at)
  VALUES ($1, array_fill(clock_timestamp(), ARRAY[least($4::int, $2::int)]), least($4::int, $2::int),
    clock_timestamp() + make_interval(secs => $3::float8))
  ON CONFLICT (key) DO UPDATE SET (places, granted, expires_at) = (
    SELECT live.places || array_fill(clock_timestamp(), ARRAY[free.places]), free.places,
      CASE WHEN free.places > 0 THEN clock_timestamp() + make_interval(secs => $3::float8)
        ELSE r.expires_at END
    FROM (
      SELECT coalesce(array_agg(place ORDER BY place), '{}') AS places FROM unnest(r.places) AS place
      WHERE place > clock_timestamp() - make_interval(secs => $3::float8)
    ) AS live,
    LATERAL (
      SELECT greatest(0, least($4::int, $2::int - cardinality(live.places))) AS places
    ) AS free
  )
  RETURNING granted, greatest(0, extract(epoch FROM
    places[1] + make_interval(secs => $3::float8) - clock_timestamp())) AS free_in`;

/** Deletes counters whose window has passed, a batch at a time. Answers how many. */
export async function sweepRateLimits(dataSource: DataSource): Promise<number> {
  const [, count]: [unknown, number] = await dataSource.query(
    `DELETE FROM rate_limits WHERE key IN (
       SELECT key FROM rate_limits WHERE expires_at < now() LIMIT 10000 FOR UPDATE SKIP LOCKED)`,
  );
  return count;
}

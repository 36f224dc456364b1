import { hashSessionToken, newSessionToken } from '../../src/features/session/session.token.ts';
import { stopping, type Bench } from '../support/bench.ts';
import { databaseBeside, onDatabase } from '../support/database.ts';
import { startGatehouse } from '../support/gatehouse.ts';
import { okOf, startLoadGenerator } from '../support/load.ts';
import { asCallers, me } from '../support/operations.ts';
import { milliseconds, type Row } from '../support/report.ts';
import { median, ratioOf } from '../support/statistics.ts';

const users = 10_000;
/** How many of the sessions are used: spread over the whole index, for tokens are random. */
const used = 10_000;

/** Scenario 11: finding a session, of very many and of few. */
export function measureSessionLookUp(bench: Bench): Promise<Row[]> {
  return stopping(async (stopLater) => {
    const sessions = bench.quick ? 1_000_000 : 10_000_000;
    const start = async (name: string, count: number) => {
      const { url } = stopLater(await databaseBeside(bench.databaseUrl, name));
      // Reads every session from the database: what it remembers would be as fast as ever.
      const server = stopLater(
        await startGatehouse({ DATABASE_URL: url, SESSION_CACHE_SIZE: '0' }),
      );
      return { url: server.url, tokens: await createSessions(url, count) };
    };
    const many = await start('many_sessions', sessions);
    const few = await start('few_sessions', used);
    const generator = stopLater(startLoadGenerator());
    const p50 = async ({ url, tokens }: typeof many, seconds: number) => {
      const job = { url, connections: 1, calls: asCallers(tokens), seconds };
      return okOf(await generator.run({ ...job, ...me })).p50;
    };

    const { rounds, seconds } = bench.quick ? { rounds: 5, seconds: 1 } : { rounds: 9, seconds: 5 };
    for (const server of [many, few]) await p50(server, 3); // warms up
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await p50(many, seconds));
      theirs.push(await p50(few, seconds));
    }
    const ratio = ratioOf(ours, theirs);
    return [
      {
        number: '11',
        scenario: `\`me\` with ${sessions.toLocaleString('en')} sessions, none remembered, p50`,
        ours: milliseconds(median(ours)),
        baseline: `${milliseconds(median(theirs))} with ${used.toLocaleString('en')}`,
        ratio,
        reach: '≤ 1.3',
        met: ratio.median <= 1.3,
        rounds,
      },
    ];
  });
}

/** Fills a migrated database with users who have so many sessions, and returns tokens of some. */
function createSessions(url: string, count: number): Promise<string[]> {
  const tokens = Array.from({ length: used }, newSessionToken);
  return onDatabase(url, async (client) => {
    await client.query(
      `INSERT INTO users (id, email, password_hash, confirmed_at, created_at, updated_at)
       SELECT uuidv7(), 'person' || n || '@example.com', '', now(), now(), now()
       FROM generate_series(1, $1::int) n`,
      [users],
    );
    // Those that are used stand among the others, as they would have been opened.
    await client.query(
      `INSERT INTO sessions (id, user_id, token_hash, ip_address, user_agent, last_seen_at,
         expires_at, created_at)
       SELECT uuidv7(), ((SELECT array_agg(id) FROM users))[1 + n % $2::int],
         coalesce(t.hash, sha256(n::text::bytea)), '127.0.0.1', 'gatehouse-bench', now(),
         now() + interval '60 days', now()
       FROM generate_series(1, $1::int) n
       LEFT JOIN unnest($3::bytea[]) WITH ORDINALITY AS t (hash, place) ON n = place * ($1 / $4::int)`,
      [count, users, tokens.map(hashSessionToken), used],
    );
    await client.query('VACUUM (ANALYZE)');
    return tokens;
  });
}

import pg from 'pg';
import { newId } from '../../src/identifiers.ts';
import { hashSessionToken, newSessionToken } from '../../src/features/session/session.token.ts';
import { stopping, type Bench } from '../support/bench.ts';
import { startGatehouse } from '../support/gatehouse.ts';
import { graphqlRequest, HttpConnection } from '../support/http-connection.ts';
import { milliseconds, type Row } from '../support/report.ts';
import { median, ratioOf } from '../support/statistics.ts';

const userCount = 1_000;

const mutation = `mutation ($userIds: [ID!]!, $fields: JSONObject!) {
  bulkUpdateUserFields(userIds: $userIds, fields: $fields) {
    updatedCount failedCount results { userId errors { code field message } }
  }
}`;

/** Scenario 8: one field of a thousand users, against the two statements that it comes to. */
export function measureBulkUpdate(bench: Bench): Promise<Row[]> {
  return stopping(async (stopLater) => {
    const { url } = stopLater(await startGatehouse({ DATABASE_URL: bench.databaseUrl }));
    const client = new pg.Client({ connectionString: bench.databaseUrl });
    await client.connect();
    stopLater({ stop: () => client.end() });
    const token = await signInOwner(client);
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM users WHERE username LIKE 'person%5' LIMIT ${userCount}`,
    );
    const ids = rows.map(({ id }) => id);
    const connection = new HttpConnection(new URL(url));
    stopLater({
      stop: () => {
        connection.close();
        return Promise.resolve();
      },
    });

    const bulk = async (value: string) => {
      const variables = { userIds: ids, fields: { department: value } };
      const request = graphqlRequest(new URL(url), { query: mutation, variables, token });
      const { body } = await connection.request(request);
      if (!body.includes(`"updatedCount":${userCount},"failedCount":0`)) throw new Error(body);
    };
    const rounds = bench.quick ? 15 : 40;
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = -5; round < rounds; round += 1) {
      const times = [
        await timeOf(() => byHand(client, ids, `theirs ${round}`)),
        await timeOf(() => bulk(`ours ${round}`)),
      ] as const;
      if (round < 0) continue; // warms up
      theirs.push(times[0]);
      ours.push(times[1]);
    }
    const ratio = ratioOf(ours, theirs);
    return [
      {
        number: '8',
        scenario: '`bulkUpdateUserFields`, 1,000 users (one `UPDATE`, one audit `INSERT`)',
        ours: milliseconds(median(ours)),
        baseline: milliseconds(median(theirs)),
        ratio,
        reach: '≤ 3 ×',
        met: ratio.median <= 3,
        rounds,
      },
    ];
  });
}

async function byHand(client: pg.Client, ids: readonly string[], value: string): Promise<void> {
  await client.query('BEGIN');
  await client.query(
    `UPDATE users SET custom_fields = custom_fields || jsonb_build_object('department', $2::text),
       updated_at = now() WHERE id = ANY($1)`,
    [ids, value],
  );
  await client.query(
    `INSERT INTO audit_events (id, action, actor_type, subject_id, metadata, created_at)
     SELECT uuidv7(), 'fields.updated', 'system', id,
       jsonb_build_object('changes', jsonb_build_object('department', $2::text)), now()
     FROM unnest($1::uuid[]) AS id`,
    [ids, value],
  );
  await client.query('COMMIT');
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function signInOwner(client: pg.Client): Promise<string> {
  const token = newSessionToken();
  await client.query(
    `INSERT INTO sessions (id, user_id, token_hash, ip_address, user_agent, last_seen_at,
       expires_at, created_at)
     SELECT $1, id, $2, '127.0.0.1', 'gatehouse-bench', now(), now() + interval '1 day', now()
     FROM users WHERE username = 'person1'`,
    [newId(), hashSessionToken(token)],
  );
  return token;
}

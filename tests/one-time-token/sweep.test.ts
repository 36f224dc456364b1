import { afterAll, beforeAll, expect, test } from 'vitest';
import { poll } from '../support/mailbox.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** So many users with a token of each kind, which ends in so many seconds. */
async function arrange(users: number, secondsLeft: number): Promise<void> {
  await server.database.query(
    `WITH people AS (
       INSERT INTO users (id, email, password_hash, created_at, updated_at)
       SELECT gen_random_uuid(), gen_random_uuid() || '@example.com', '', now(), now()
       FROM generate_series(1, $1) RETURNING id, email)
     INSERT INTO one_time_tokens
       (id, user_id, context, token_hash, email, sent_to, created_at, expires_at)
     SELECT gen_random_uuid(), people.id, context, sha256(gen_random_uuid()::text::bytea), email,
       email, now(), now() + make_interval(secs => $2)
     FROM people, unnest(ARRAY['confirm', 'reset_password', 'change_email']) AS context`,
    [users, secondsLeft],
  );
}

async function remaining(): Promise<number> {
  const [row] = await server.database.query<{ count: number }>(
    'SELECT count(*)::int FROM one_time_tokens',
  );
  return row?.count ?? 0;
}

test('the scheduled sweep deletes tokens that have expired, in batches, and no others', async () => {
  await arrange(5000, -1);
  await arrange(10, 60);
  const statements = await statementsOf(async () => {
    await server.database.query("SELECT graphile_worker.add_job('sweep')");
    await poll(20_000, 'the expired tokens were not swept', async () =>
      (await remaining()) === 30 ? true : undefined,
    );
  });
  const batches = statements.filter((text) => text.includes('DELETE FROM one_time_tokens'));
  expect(batches.length).toBeGreaterThanOrEqual(2);
  expect(await remaining()).toBe(30);
});

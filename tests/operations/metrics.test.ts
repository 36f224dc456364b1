import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { mailsTo } from '../support/mailbox.ts';
import { loginMutation, password, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { metricNames, scrape, valueOf } from './metrics.ts';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer({ RATE_LIMITS: 'on', RATE_LIMIT_LOGIN: '3/60s' });
  person = await registerPerson(server);
});
afterAll(() => server.stop());

/** What changes of a series while `work` is done. */
async function change(
  name: string,
  labels: Record<string, string>,
  work: () => Promise<unknown>,
): Promise<number> {
  const before = valueOf(await scrape(server), name, labels) ?? 0;
  await work();
  return (valueOf(await scrape(server), name, labels) ?? 0) - before;
}

const signIn = (email: string, typed = password) =>
  server.client.graphql(loginMutation, { input: { email, password: typed } });

test('the manual lists exactly the metrics that are told', async () => {
  const manual = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const listed = [...manual.matchAll(/^\| `(gatehouse_\w+)` +\|/gm)].map(([, name]) => name);
  const told = metricNames(await scrape(server)).filter((name) => name.startsWith('gatehouse_'));
  expect(listed.sort()).toEqual(told.sort());
});

test('an operation is counted under the name of its root field, whatever the client calls it', async () => {
  const labels = { operation: 'me', outcome: 'ok' };
  const ask = () => person.client.graphql('query FreeText { anything: me { id } }');
  expect(await change('gatehouse_operation_duration_seconds_count', labels, ask)).toBe(1);
  const scraped = await scrape(server);
  expect(scraped).not.toMatch(/FreeText|anything/);
  expect(valueOf(scraped, 'gatehouse_operation_duration_seconds_sum', labels)).toBeGreaterThan(0);
});

test('a refusal in a payload is an error with its code, and no fault', async () => {
  const wrong = () => signIn('nobody@example.com', 'not the password');
  const labels = { operation: 'login', outcome: 'refused' };
  expect(await change('gatehouse_operation_duration_seconds_count', labels, wrong)).toBe(1);
  const code = { code: 'INVALID_CREDENTIALS' };
  expect(await change('gatehouse_errors_total', code, wrong)).toBe(1);
});

test('denials, documents that cannot be run, and faults are errors with their codes', async () => {
  const asking: readonly [code: string, ask: () => Promise<unknown>][] = [
    ['UNAUTHENTICATED', () => server.client.graphql('{ roles { id } }')],
    ['GRAPHQL_VALIDATION_FAILED', () => server.client.graphql('{ nothing }')],
    ['GRAPHQL_PARSE_FAILED', () => server.client.graphql('{')],
    ['BAD_USER_INPUT', () => fetch(`${server.url}/graphql`, { method: 'GET' })],
  ];
  for (const [code, ask] of asking) {
    expect(await change('gatehouse_errors_total', { code }, ask), code).toBe(1);
  }
});

test('a fault of ours is a failed operation', async () => {
  await server.database.query('ALTER TABLE custom_field_definitions RENAME TO mislaid');
  try {
    const labels = { operation: 'customFieldDefinitions', outcome: 'failed' };
    const ask = () => person.client.graphql('{ customFieldDefinitions { key } }');
    expect(await change('gatehouse_operation_duration_seconds_count', labels, ask)).toBe(1);
  } finally {
    await server.database.query('ALTER TABLE mislaid RENAME TO custom_field_definitions');
  }
});

test('limits, sessions, passwords, mails and jobs are counted', async () => {
  const limited = () =>
    Promise.all(Array.from({ length: 5 }, () => signIn('limited@example.com', 'a wrong one')));
  expect(await change('gatehouse_rate_limited_total', { limit: 'LOGIN' }, limited)).toBe(2);
  const verified = { task: 'verify' };
  const verifying = () => signIn(person.email);
  expect(await change('gatehouse_sessions_opened_total', {}, verifying)).toBe(1);
  expect(
    await change('gatehouse_password_duration_seconds_count', verified, () => signIn(person.email)),
  ).toBe(1);
  expect(valueOf(await scrape(server), 'gatehouse_password_wait_seconds_count')).toBeGreaterThan(0);
  const { email } = await registerPerson(server);
  expect(await mailsTo(server, email)).toHaveLength(1);
  const scraped = await scrape(server);
  expect(valueOf(scraped, 'gatehouse_mails_total', { state: 'sent' })).toBeGreaterThan(0);
  const sent = { task: 'send-mail', outcome: 'ok' };
  await expect
    .poll(async () => valueOf(await scrape(server), 'gatehouse_job_duration_seconds_count', sent))
    .toBeGreaterThan(0);
});

test('requests are told by their route, and never by what stands in its place', async () => {
  const asked = ['/confirm?token=somebodys', '/wp-login.php', '/healthz'];
  for (const path of asked) await fetch(server.url + path);
  // A request is counted when it is over, which its caller may see a moment earlier.
  const counted = async () => {
    const scraped = await scrape(server);
    return ['/confirm', 'none', '/healthz'].map((route) =>
      valueOf(scraped, 'gatehouse_http_request_duration_seconds_count', { route }),
    );
  };
  await expect.poll(counted).toEqual([1, 1, 1]);
  expect(await scrape(server)).not.toMatch(/somebodys|token=|wp-login/);
});

test('jobs that wait and jobs that were given up are told of the whole database', async () => {
  await server.database.query(
    `SELECT graphile_worker.add_job('of-nobody', run_at => now() - interval '1 hour'),
       graphile_worker.add_job('of-nobody', max_attempts => 1)`,
  );
  await server.database.query(
    `UPDATE graphile_worker._private_jobs SET attempts = 1 WHERE max_attempts = 1
       AND task_id = (SELECT id FROM graphile_worker._private_tasks WHERE identifier = 'of-nobody')`,
  );
  const scraped = await scrape(server);
  const task = { task: 'of-nobody' };
  expect(valueOf(scraped, 'gatehouse_jobs_waiting', task)).toBe(1);
  expect(valueOf(scraped, 'gatehouse_jobs_failed', task)).toBe(1);
  expect(valueOf(scraped, 'gatehouse_jobs_oldest_seconds', task)).toBeGreaterThanOrEqual(3600);
});

test('without the database the metrics are told all the same, and say that it is away', async () => {
  const database = await createTestDatabase();
  const control = await createTestDatabase({ empty: true });
  const lonely = await startTestServer({ RUN_JOBS: 'false' }, database);
  try {
    expect(valueOf(await scrape(lonely), 'gatehouse_database_up')).toBe(1);
    const name = new URL(database.url).pathname.slice(1);
    await control.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await control.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
      [name],
    );
    const scraped = await scrape(lonely);
    expect(valueOf(scraped, 'gatehouse_database_up')).toBe(0);
    expect(valueOf(scraped, 'gatehouse_sessions_estimated')).toBeUndefined();
    expect(valueOf(scraped, 'gatehouse_database_connections', { state: 'busy' })).toBeDefined();
  } finally {
    await lonely.stop();
    await database.drop();
    await control.drop();
  }
});

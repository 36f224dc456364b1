import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { signInAgain, whoIs } from './sessions.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
let listener: pg.Client;
let heard: string[] = [];
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  staff = await registerStaff(server);
  listener = new pg.Client({ connectionString: server.database.url });
  await listener.connect();
  listener.on('notification', ({ payload = '' }) => void heard.push(payload));
  await listener.query('LISTEN session_changes');
});
afterAll(async () => {
  await listener.end();
  await server.stop();
});

/** What was announced by all that `work` has committed. */
async function announcedBy(work: () => Promise<unknown>): Promise<string[]> {
  await listener.query('SELECT');
  heard = [];
  await work();
  await listener.query('SELECT'); // answered after all that was announced before
  return heard;
}

const run = (sql: string, ...values: unknown[]) => server.database.query(sql, values);

test('new users and their sessions are news to nobody', async () => {
  const registering = () =>
    server.client.graphql(
      `mutation { register(input: { email: "new@example.com", password: "correct horse battery",
         signIn: true }) { token } }`,
    );
  expect(await announcedBy(registering)).toEqual([]);
});

test('neither is that a session was used', async () => {
  await run(`UPDATE sessions SET last_seen_at = now() - interval '90 seconds'`);
  const using = async () => expect(await whoIs(staff.user.client)).toBe(staff.user.id);
  expect(await announcedBy(using)).toEqual([]);
  const [session] = await run(
    `SELECT last_seen_at > now() - interval '1 minute' AS noted FROM sessions WHERE user_id = $1`,
    staff.user.id,
  );
  expect(session).toEqual({ noted: true });
});

test('nor sessions that had run out, or were not used for longer than anything is remembered', async () => {
  const person = await registerPerson(server);
  await signInAgain(person, server.client);
  await run(
    `UPDATE sessions SET expires_at = now() - interval '1 second'
     WHERE id = (SELECT min(id::text)::uuid FROM sessions WHERE user_id = $1)`,
    person.id,
  );
  await run(
    `UPDATE sessions SET last_seen_at = now() - interval '121 seconds'
     WHERE id = (SELECT max(id::text)::uuid FROM sessions WHERE user_id = $1)`,
    person.id,
  );
  const ending = () => run('DELETE FROM sessions WHERE user_id = $1', person.id);
  expect(await announcedBy(ending)).toEqual([]);
});

test('who is concerned by a statement typed by hand is announced', async () => {
  const { id } = staff.user;
  const role = '019b0000-0000-7000-8000-000000000002';
  const statements: [sql: string, values: unknown[], announced: string[]][] = [
    ['UPDATE users SET first_name = $2 WHERE id = $1', [id, 'Ada'], [id]],
    ['INSERT INTO role_assignments VALUES ($1, $2, NULL, now())', [id, role], [id]],
    ['DELETE FROM role_assignments WHERE user_id = $1 AND role_id = $2', [id, role], [id]],
    [`UPDATE sessions SET expires_at = now() + interval '1 hour' WHERE user_id = $1`, [id], ['*']],
    ['DELETE FROM sessions WHERE user_id = $1', [id], [id]],
    ['DELETE FROM sessions WHERE user_id = $1', [id], []],
    [`UPDATE roles SET name = 'Staff' WHERE id = $1`, [role], ['*']],
    ['TRUNCATE sessions', [], ['*']],
  ];
  for (const [sql, values, announced] of statements) {
    expect(await announcedBy(() => run(sql, ...values)), sql).toEqual(announced);
  }
});

test('the sessions that go with their user are announced', async () => {
  const person = await registerPerson(server);
  const deleting = () => run('DELETE FROM users WHERE id = $1', person.id);
  expect(await announcedBy(deleting)).toContain(person.id);
});

test('of two hundred users each is named, and of more all are meant', async () => {
  await run(
    `INSERT INTO users (id, email, password_hash, created_at, updated_at)
     SELECT gen_random_uuid(), 'many' || n || '@example.com', '', now(), now()
     FROM generate_series(1, 201) AS n`,
  );
  const touch = (count: number) =>
    run(
      `UPDATE users SET timezone = 'UTC' WHERE id IN (
         SELECT id FROM users WHERE email LIKE 'many%' LIMIT $1)`,
      count,
    );
  const [named = ''] = await announcedBy(() => touch(200));
  expect(named.split(' ')).toHaveLength(200);
  expect(await announcedBy(() => touch(201))).toEqual(['*']);
});

import { connect } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Client } from '../support/client.ts';
import { createTestDatabase } from '../support/database.ts';
import {
  loginMutation,
  type LoginResult,
  newEmail,
  password,
  registerMutation,
  type RegisterResult,
} from '../support/people.ts';
import { makeUsedDataDir, startByNpm, startProcess } from '../support/process.ts';

vi.setConfig({ testTimeout: 120_000 });

const register = (client: Client, email: string) =>
  client.graphql<RegisterResult>(registerMutation, { input: { email, password } });
const signIn = (client: Client, email: string) =>
  client.graphql<LoginResult>(loginMutation, { input: { email, password } });

test('SIGTERM lets requests in flight finish, then ends the server and its database', async () => {
  const dataDir = await makeUsedDataDir();
  const server = startProcess({ DATA_DIR: dataDir, RATE_LIMITS: 'off', BCRYPT_COST: '4' });
  const { client } = await server.started;
  const email = newEmail();
  await register(client, email);
  const { pid, url } = await embeddedDatabaseOf(dataDir);
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  // Nobody signs in while somebody holds this.
  await database.query('BEGIN; LOCK TABLE sessions IN EXCLUSIVE MODE');
  const logins = Promise.all(Array.from({ length: 4 }, () => signIn(client, email)));
  await vi.waitFor(async () => expect(await countWaiting(database)).toBe(4), {
    timeout: 20_000,
    interval: 20,
  });
  server.kill('SIGTERM');
  // It is on its way out when it takes no new connection.
  await vi.waitFor(() => expect(fetch(`${client.url}/healthz`)).rejects.toThrow('fetch failed'), {
    timeout: 20_000,
    interval: 20,
  });
  await database.end();
  for (const { data, errors } of await logins) {
    expect(errors).toEqual([]);
    expect(data.login.token).toMatch(/^gh_s_/);
  }
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

async function countWaiting(database: pg.Client): Promise<number> {
  const { rowCount } = await database.query(
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rowCount ?? 0;
}

async function embeddedDatabaseOf(dataDir: string): Promise<{ pid: number; url: string }> {
  const folder = join(dataDir, 'postgres');
  const password = await readFile(join(folder, 'password'), 'utf8');
  const [pid, , , port] = (await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split(
    '\n',
  );
  return {
    pid: Number(pid),
    url: `postgresql://gatehouse:${password.trim()}@127.0.0.1:${port ?? ''}/gatehouse`,
  };
}

test('SIGTERM ends an idle server at once, however many connections are kept open', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const server = startProcess({ DATABASE_URL: database.url });
  const { url, client } = await server.started;
  await Promise.all(Array.from({ length: 5 }, () => client.graphql('{ __typename }')));
  const idle = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void idle.destroy());
  await new Promise((resolve) => idle.once('connect', resolve));
  server.kill('SIGTERM');
  expect(await server.exited).toEqual({ code: 0, signal: null });
});

test('a signal to `npm start` alone stops the server as well', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const server = startByNpm({ DATABASE_URL: database.url });
  const { url } = await server.started;
  server.kill('SIGTERM');
  expect((await server.exited).code).toBe(0);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
});

test('Ctrl-C under `npm start`, which npm passes on once more, lets requests in flight finish', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const server = startByNpm({ DATABASE_URL: database.url, BCRYPT_COST: '14' });
  const { client } = await server.started;
  const registering = register(client, newEmail());
  const isHashing = async () => {
    expect(await database.query('SELECT FROM rate_limits')).not.toEqual([]);
  };
  await vi.waitFor(isHashing, { timeout: 20_000, interval: 5 });
  process.kill(-server.pid, 'SIGINT');
  await pause(100); // on a busy machine npm is late
  process.kill(-server.pid, 'SIGINT');
  expect((await registering).data.register.user?.roleNames).toEqual(['Owner']);
  expect((await server.exited).code).toBe(0);
});

test('kill -9 keeps what was answered, and the next start on the same data goes on', async () => {
  const environment = { DATA_DIR: await makeUsedDataDir(), BCRYPT_COST: '4' };
  const first = startProcess(environment);
  const email = newEmail();
  await register((await first.started).client, email);
  first.kill('SIGKILL');
  expect((await first.exited).signal).toBe('SIGKILL');

  const { client } = await startProcess(environment).started;
  expect((await signIn(client, email)).data.login.token).toMatch(/^gh_s_/);
});

test('kill -9 among 200 registrations leaves none by half and loses none that was answered', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const server = startProcess({
    DATABASE_URL: database.url,
    BCRYPT_COST: '4',
    RATE_LIMITS: 'off',
  });
  const { client } = await server.started;
  const acknowledged: string[] = [];
  const waiting = Array.from({ length: 200 }, () => newEmail());
  const registerAll = async () => {
    for (let email = waiting.pop(); email !== undefined; email = waiting.pop()) {
      const { data } = await register(client, email);
      if (data.register.user) acknowledged.push(email);
      if (acknowledged.length === 60) server.kill('SIGKILL');
    }
  };
  await Promise.allSettled(Array.from({ length: 20 }, registerAll));
  expect((await server.exited).signal).toBe('SIGKILL');

  const users = await database.query<{ email: string; parts: readonly number[] }>(
    // The Owner, who is confirmed at once, gets neither token nor mail.
    `SELECT email, ARRAY[
       (SELECT count(*) FROM role_assignments WHERE user_id = users.id),
       (SELECT count(*) FROM audit_events
        WHERE subject_id = users.id AND action = 'user.registered'),
       (SELECT count(*) FROM one_time_tokens WHERE user_id = users.id)
         + (confirmed_at IS NOT NULL)::int,
       (SELECT count(*) FROM mails WHERE user_id = users.id) + (confirmed_at IS NOT NULL)::int
     ]::int[] AS parts
     FROM users`,
  );
  expect(users.length).toBeLessThan(200);
  for (const { parts } of users) expect(parts).toEqual([1, 1, 1, 1]);
  const [left] = await database.query<{ mails: number; jobs: number }>(
    `SELECT (SELECT count(*)::int FROM mails WHERE state = 'queued') AS mails,
       (SELECT count(*)::int FROM graphile_worker.jobs WHERE task_identifier = 'send-mail') AS jobs`,
  );
  // A mail that was sent keeps its job until the worker has said so.
  expect(left?.jobs).toBeGreaterThanOrEqual(left?.mails ?? NaN);
  expect(users.map(({ email }) => email)).toEqual(expect.arrayContaining(acknowledged));
});

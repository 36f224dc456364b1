import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Client } from '../support/client.ts';
import { createTestDatabase } from '../support/database.ts';
import { poll } from '../support/mailbox.ts';
import {
  loginMutation,
  type LoginResult,
  newEmail,
  password,
  registerMutation,
  type RegisterResult,
} from '../support/people.ts';
import { makeUsedDataDir, startProcess, type ServerProcess } from '../support/process.ts';

vi.setConfig({ testTimeout: 120_000 });

const signIn = (client: Client, email: string, typed = password) =>
  client.graphql<LoginResult>(loginMutation, { input: { email, password: typed } });
const register = (client: Client, email: string) =>
  client.graphql<RegisterResult>(registerMutation, { input: { email, password } });

/** The numbers of the processes that have logged something, the latest last. */
function pidsThatLogged(message: string, { printed }: ServerProcess): number[] {
  const logged = printed()
    .split('\n')
    .filter((line) => line.includes(`"${message}"`));
  return logged.map((line) => (JSON.parse(line) as { pid: number }).pid);
}

/** Those that have come to serve. */
const servingPids = (server: ServerProcess) => pidsThatLogged('routes are in place', server);

const announcementOf = ({ printed }: ServerProcess) =>
  printed()
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('{'));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const limited = async (url: string) => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^gatehouse_rate_limited_total\{limit="LOGIN"\} (\d+)$/m.exec(text)?.[1]);
};

test('two processes serve one port as one server, outlive one of them and drain together', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const server = startProcess({
    DATABASE_URL: database.url,
    WORKERS: '2',
    BCRYPT_COST: '12',
    RATE_LIMIT_LOGIN_NETWORK: '0',
    LOG_LEVEL: 'debug',
  });
  const { url, client } = await server.started;
  const [first = 0, second = 0] = servingPids(server);
  expect(new Set([first, second, server.pid]).size).toBe(3);
  const { host, pathname } = new URL(database.url);
  expect(announcementOf(server)).toEqual([
    `Gatehouse   ${url}/graphql`,
    `Playground  ${url}/`,
    `Mailbox     ${url}/dev/mailbox`,
    `Database    PostgreSQL at ${host}${pathname}`,
  ]);

  // Exactly five of twenty at once, whichever process they reach; and each process tells of all.
  const email = newEmail();
  await register(client, email);
  const tries = await Promise.all(
    Array.from({ length: 20 }, () => signIn(client, email, 'a wrong password')),
  );
  expect(tries.filter(({ code }) => code === undefined)).toHaveLength(5);
  const told = await Promise.all(Array.from({ length: 6 }, () => limited(url)));
  expect(told).toEqual(Array(6).fill(15));

  // One that dies is replaced.
  process.kill(first, 'SIGKILL');
  const third = await poll(60_000, 'nobody took its place', async () => servingPids(server)[2]);
  expect(isAlive(first)).toBe(false);
  expect((await register(client, newEmail())).data.register.errors).toEqual([]);

  // Told to stop, all of them finish what is under way: each has a hash of a quarter of a second.
  const other = newEmail();
  await register(client, other);
  const underWay = Array.from({ length: 4 }, () => signIn(client, other));
  await poll(20_000, 'nothing was under way', async () => {
    const [row] = await database.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM rate_limits WHERE key LIKE 'LOGIN:%' AND cardinality(places) = 4",
    );
    return row?.count ? true : undefined;
  });
  server.kill('SIGTERM');
  for (const { data, errors } of await Promise.all(underWay)) {
    expect(errors).toEqual([]);
    expect(data.login.token).toMatch(/^gh_s_/);
  }
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect([second, third].filter(isAlive)).toEqual([]);
});

test('one of three works off jobs, another when it dies, and no more connections are taken than told', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const server = startProcess({
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '4',
    WORKERS: '3',
    BCRYPT_COST: '4',
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'debug',
  });
  const { client, url } = await server.started;
  const mailTo = (email: string) =>
    poll(30_000, 'no mail was sent', async () => {
      const kept = await fetch(`${url}/dev/mailbox.json?to=${encodeURIComponent(email)}`);
      return ((await kept.json()) as unknown[]).length > 0 ? true : undefined;
    });
  const workingPids = () => pidsThatLogged('jobs are worked off here', server);
  expect(workingPids()).toHaveLength(1);
  const listening = () =>
    database.query<{ application_name: string }>(
      `SELECT application_name FROM pg_stat_activity
       WHERE datname = current_database() AND query LIKE 'LISTEN%jobs%'`,
    );
  // One for each of the two groups of workers.
  await expect.poll(async () => (await listening()).length).toBe(2);
  await register(client, newEmail()); // the Owner, who gets no mail
  let most = 0;
  const work = Array.from({ length: 60 }, async () => {
    const email = newEmail();
    const { data } = await register(client, email);
    expect(data.register.errors).toEqual([]);
    expect((await signIn(client, email)).errors).toEqual([]);
    await fetch(`${url}/metrics`);
    const [row] = await database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'gatehouse%'`,
    );
    most = Math.max(most, row?.count ?? 0);
    return email;
  });
  const [first = ''] = await Promise.all(work);
  await mailTo(first);
  // As `docs/scaling.md` has it: of so many processes, each with its pool and the one that listens.
  expect(most).toBeLessThanOrEqual(3 * (4 + 1) + 1);
  expect(most).toBeGreaterThan(3 * 2);

  const [worker = 0] = workingPids();
  process.kill(worker, 'SIGKILL');
  await poll(60_000, 'nobody works off jobs', async () => workingPids().length === 2 || undefined);
  expect(workingPids()[1]).not.toBe(worker);
  const email = newEmail();
  await register(client, email);
  await mailTo(email);
  expect(await listening()).toHaveLength(2);
});

test('kill -9 of the one that started them leaves neither processes nor a database behind', async () => {
  const environment = {
    DATA_DIR: await makeUsedDataDir(),
    WORKERS: '2',
    BCRYPT_COST: '4',
    LOG_LEVEL: 'debug',
  };
  const server = startProcess(environment);
  const { client } = await server.started;
  expect(server.printed()).toContain(`embedded PostgreSQL in ${environment.DATA_DIR}`);
  expect((await register(client, newEmail())).data.register.user?.roleNames).toEqual(['Owner']);
  const serving = servingPids(server);
  expect(serving).toHaveLength(2);
  const postmaster = join(environment.DATA_DIR, 'postgres', 'data', 'postmaster.pid');
  const pids = [...serving, Number((await readFile(postmaster, 'utf8')).split('\n')[0])];
  server.kill('SIGKILL');
  await server.exited;
  await poll(20_000, 'processes were left behind', async () => !pids.some(isAlive) || undefined);
});

test('a port that is taken ends the start of all of them in one line', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const server = startProcess({ DATABASE_URL: database.url, PORT: String(port), WORKERS: '2' });
  expect(await server.exited).toEqual({ code: 1, signal: null });
  expect(server.printed().trim()).toMatch(
    new RegExp(`^Gatehouse could not start\\. .*EADDRINUSE.*127\\.0\\.0\\.1:${port}$`),
  );
});

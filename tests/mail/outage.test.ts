import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { hasState, mailTo, registerRecipient, retryNow, wasTried } from './mails.ts';
import { startSmtpDouble } from './smtp-double.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Cuts all connections to the server's database and lets no new ones in, until mended. */
async function cutOff({ database }: TestServer): Promise<() => Promise<void>> {
  const control = await createTestDatabase({ empty: true });
  onTestFinished(() => control.drop());
  const name = new URL(database.url).pathname.slice(1);
  await control.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await control.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
    name,
  ]);
  return async () => {
    await control.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  };
}

/** A server whose SMTP server holds back its answer to the first mail, which it has. */
async function startHolding(database?: TestDatabase) {
  let taken = 0;
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const smtp = await startSmtpDouble({
    onData(stream, _session, callback) {
      void text(stream).then(async () => {
        taken += 1;
        await answered;
        callback();
      });
    },
  });
  const server = await startTestServer({ SMTP_URL: smtp.url }, database);
  await registerPerson(server);
  const { email } = await registerRecipient(server);
  await expect.poll(() => taken, { timeout: 10_000 }).toBe(1);
  return { server, email, taken: () => taken, answer };
}

test('a mail taken by the provider while the database is away is not sent again', async () => {
  const { server, email, taken, answer } = await startHolding();
  onTestFinished(() => server.stop());
  const mend = await cutOff(server);
  answer();
  await expect
    .poll(() => fetch(`${server.url}/readyz`).then(({ status }) => status), { timeout: 10_000 })
    .toBe(503);
  await mend();
  await mailTo(server, email, hasState('sent'));
  const next = await registerRecipient(server);
  await mailTo(server, next.email, hasState('sent'));
  expect(taken()).toBe(2);
});

test('workers that lost the database for a while work on when it is back', async () => {
  const smtp = await startSmtpDouble();
  const server = await startTestServer({ SMTP_URL: smtp.url });
  onTestFinished(() => server.stop());
  await registerPerson(server);
  const mend = await cutOff(server);
  const logged = () => server.logged.filter((line) => line.includes('the workers had to stop'));
  await expect.poll(() => logged().length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  await mend();
  const { email } = await registerRecipient(server);
  await mailTo(server, email, hasState('sent'));
  expect(smtp.received).toHaveLength(1);
});

/** Stands between a server and its database, and breaks all connections when told. */
async function startProxy(database: TestDatabase): Promise<{ url: string; breakAll: () => void }> {
  const { hostname, port } = new URL(database.url);
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const url = new URL(database.url);
  url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const breakAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return { url: url.href, breakAll };
}

test('a connection that breaks while a worker waits on it ends neither process nor work', async () => {
  const smtp = await startSmtpDouble();
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const proxy = await startProxy(database);
  const server = await startTestServer({ SMTP_URL: smtp.url }, { ...database, url: proxy.url });
  onTestFinished(() => server.stop());
  await registerPerson(server);
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query('BEGIN');
  await other.query('LOCK TABLE graphile_worker._private_jobs');
  const waiting = () =>
    database.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  await expect.poll(waiting, { timeout: 10_000 }).not.toEqual([]);
  proxy.breakAll();
  await other.end();
  await expect
    .poll(() => fetch(`${server.url}/readyz`).then(({ status }) => status), { timeout: 10_000 })
    .toBe(200);
  const { email } = await registerRecipient(server);
  await mailTo(server, email, hasState('sent'));
});

test('workers that could not note how their jobs ended are replaced', async () => {
  const smtp = await startSmtpDouble();
  const server = await startTestServer({ SMTP_URL: smtp.url });
  onTestFinished(() => server.stop());
  await registerPerson(server);
  await server.database.query(
    `CREATE FUNCTION keep_job() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'no job ends now'; END $$`,
  );
  await server.database.query(
    `CREATE TRIGGER keep_job BEFORE DELETE ON graphile_worker._private_jobs
     FOR EACH ROW EXECUTE FUNCTION keep_job()`,
  );
  // One for each worker, and more.
  const people = await Promise.all([1, 2, 3, 4, 5, 6].map(() => registerRecipient(server)));
  for (const { email } of people) await mailTo(server, email, hasState('sent'));
  await server.database.query('DROP FUNCTION keep_job() CASCADE');
  const { email } = await registerRecipient(server);
  await mailTo(server, email, hasState('sent'));
  expect(smtp.received).toHaveLength(7);
});

test('a server that is being stopped finishes the mail under way', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const { server, email, answer } = await startHolding(database);
  const stopped = server.stop();
  expect(await mailTo(server, email)).toMatchObject({ state: 'queued' });
  answer();
  await stopped;
  expect(await mailTo(server, email)).toMatchObject({ state: 'sent', attempts: 1 });
  expect(await database.query('SELECT FROM graphile_worker.jobs WHERE key IS NULL')).toEqual([]);
});

test('an SMTP server that is away delays mail and loses none', async () => {
  const smtp = await startSmtpDouble();
  const server = await startTestServer({ SMTP_URL: 'smtp://127.0.0.1:1' });
  await registerPerson(server);
  const { email } = await registerRecipient(server);
  const waiting = await mailTo(server, email, wasTried(1));
  expect(waiting.last_error).toContain('ECONNREFUSED');
  onTestFinished(() => server.stop());

  const mended = await startTestServer({ SMTP_URL: smtp.url, RUN_JOBS: 'true' }, server.database);
  onTestFinished(() => mended.stop());
  await expect
    .poll(
      async () => {
        await retryNow(server).catch(() => undefined);
        return (await mailTo(server, email)).state;
      },
      { timeout: 30_000 },
    )
    .toBe('sent');
  expect(smtp.received).toHaveLength(1);
});

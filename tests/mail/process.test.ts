import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Client } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { newEmail, password, registerMutation, type RegisterResult } from '../support/people.ts';
import {
  makeDataDir,
  makeUsedDataDir,
  startProcess,
  startWorkerProcess,
} from '../support/process.ts';
import { hasState, mailTo } from './mails.ts';
import { startSmtpDouble } from './smtp-double.ts';

vi.setConfig({ testTimeout: 120_000 });

const common = {
  APP_SECRET: 'the secret of the tests, which is no secret',
  BCRYPT_COST: '4',
};

/** An SMTP server that takes every mail and answers to none until told to. */
async function startHangingSmtp() {
  let taken = 0;
  let accepting = false;
  const accepted: string[] = [];
  const smtp = await startSmtpDouble({
    onData(stream, { envelope }, callback) {
      void text(stream).then(() => {
        taken += 1;
        if (!accepting) return;
        accepted.push(...envelope.rcptTo.map(({ address }) => address));
        callback();
      });
    },
  });
  const accept = () => (accepting = true);
  return { url: smtp.url, taken: () => taken, accepted, accept };
}

async function register(client: Client): Promise<string> {
  const email = newEmail();
  const { data, errors } = await client.graphql<RegisterResult>(registerMutation, {
    input: { email, password },
  });
  expect([errors, data.register.errors]).toEqual([[], []]);
  return email;
}

/** Registers the Owner, who gets no mail, and somebody who does. */
async function registerTwo(client: Client): Promise<string> {
  await register(client);
  return register(client);
}

async function openDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database;
}

test('kill -9 while a mail is being sent: it goes out, once, after the restart', async () => {
  const smtp = await startHangingSmtp();
  const environment = { ...common, DATA_DIR: await makeUsedDataDir(), SMTP_URL: smtp.url };
  const server = startProcess(environment);
  const email = await registerTwo((await server.started).client);
  await expect.poll(() => smtp.taken(), { timeout: 10_000 }).toBe(1);
  server.kill('SIGKILL');
  expect((await server.exited).signal).toBe('SIGKILL');

  smtp.accept();
  await startProcess(environment).started;
  await expect.poll(() => smtp.accepted, { timeout: 20_000 }).toEqual([email]);
});

test('another server sends the mail of one that was killed, when it has not been heard of', async () => {
  const smtp = await startHangingSmtp();
  const database = await openDatabase();
  const environment = { ...common, DATABASE_URL: database.url, SMTP_URL: smtp.url };
  const server = startProcess(environment);
  const email = await registerTwo((await server.started).client);
  await expect.poll(() => smtp.taken(), { timeout: 10_000 }).toBe(1);
  server.kill('SIGKILL');
  await server.exited;
  smtp.accept();
  await startProcess(environment).started;
  expect(await mailTo({ database }, email)).toMatchObject({ state: 'queued' });

  // As if a minute and a half had gone by, and the next sweep were due.
  await database.query(
    `UPDATE graphile_worker._private_jobs SET locked_at = locked_at - interval '100 seconds'
     WHERE locked_at IS NOT NULL`,
  );
  await database.query(`SELECT FROM graphile_worker.add_job('sweep')`);
  expect(await mailTo({ database }, email, hasState('sent'))).toMatchObject({ attempts: 1 });
  expect(smtp.accepted).toEqual([email]);
});

test('a worker alone sends the mail that servers without workers leave, with their links', async () => {
  const smtp = await startSmtpDouble();
  const database = await openDatabase();
  const environment = { ...common, DATABASE_URL: database.url, SMTP_URL: smtp.url };
  const server = startProcess({ ...environment, RUN_JOBS: 'false' });
  const email = await registerTwo((await server.started).client);
  expect(await mailTo({ database }, email)).toMatchObject({ state: 'queued', attempts: 0 });

  const worker = startWorkerProcess({ ...environment, APP_URL: 'https://id.example.com' });
  await worker.started;
  await mailTo({ database }, email, hasState('sent'));
  expect(smtp.received).toMatchObject([{ to: [email] }]);
  expect(smtp.received[0]?.body).toMatch(/https:\/\/id\.example\.com\/confirm\?token=[\w-]{64}/);
  const { host, pathname } = new URL(database.url);
  expect(worker.printed().trim()).toBe(`Worker      PostgreSQL at ${host}${pathname}`);
  worker.kill('SIGTERM');
  expect(await worker.exited).toEqual({ code: 0, signal: null });
});

test('a worker that is told to stop finishes the mail it is sending', async () => {
  const smtp = await startHangingSmtp();
  const database = await openDatabase();
  const environment = { ...common, DATABASE_URL: database.url, SMTP_URL: smtp.url };
  const server = startProcess({ ...environment, RUN_JOBS: 'false' });
  const email = await registerTwo((await server.started).client);
  const worker = startWorkerProcess(environment);
  await expect.poll(() => smtp.taken(), { timeout: 20_000 }).toBe(1);
  worker.kill('SIGTERM');
  expect(await mailTo({ database }, email)).toMatchObject({ state: 'queued' });
  // Nobody answers, so the try ends by its time limit; then the worker does, before it would be
  // made to.
  expect(await worker.exited).toEqual({ code: 0, signal: null });
  const [row] = await database.query<{ locked: number }>(
    'SELECT count(locked_at)::int AS locked FROM graphile_worker.jobs',
  );
  expect(row).toEqual({ locked: 0 });
  expect(await mailTo({ database }, email)).toMatchObject({ state: 'queued', attempts: 1 });
});

test('a worker without the database of the servers does not start', async () => {
  const worker = startWorkerProcess({ DATA_DIR: await makeDataDir() });
  expect(await worker.exited).toEqual({ code: 1, signal: null });
  expect(worker.printed()).toMatch(
    /^The worker could not start\. [^]*^ {2}DATABASE_URL is not set/m,
  );
  expect(worker.printed()).not.toMatch(/^ +at /m);
});

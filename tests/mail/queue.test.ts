import { expect, onTestFinished, test } from 'vitest';
import { breakAudit } from '../audit/audit.ts';
import { mailsTo, newestMail } from '../support/mailbox.ts';
import { newEmail, password, registerMutation, registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { countSendJobs, hasState, mailTo, registerRecipient, retryNow, wasTried } from './mails.ts';
import { startSmtpDouble } from './smtp-double.ts';

async function startQueueing(environment: Readonly<Record<string, string>> = {}) {
  const server = await startTestServer({ RUN_JOBS: 'false', ...environment });
  onTestFinished(() => server.stop());
  await registerPerson(server);
  return server;
}

/** A second process's worth of workers on the same database. */
async function startWorking(
  server: TestServer,
  environment: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const other = await startTestServer(environment, server.database);
  onTestFinished(() => other.stop());
  return other;
}

/** Lets the sweep of the next minute be done now. */
const sweepNow = ({ database }: TestServer) =>
  database.query(
    `UPDATE graphile_worker._private_jobs SET run_at = now() WHERE key = 'sweep' RETURNING id`,
  );

/** Every value of every table, as one text. */
async function everything({ database }: TestServer): Promise<string> {
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname IN ('public', 'graphile_worker')`,
  );
  expect(tables.length).toBeGreaterThan(10);
  const dumps = await Promise.all(
    tables.map(({ name }) => database.query(`SELECT one::text FROM ${name} AS one`)),
  );
  return JSON.stringify(dumps);
}

test('a mail and its job are there if and only if what caused them is', async () => {
  const server = await startQueueing();
  const { email } = await registerRecipient(server);
  expect(await mailTo(server, email)).toMatchObject({ kind: 'confirm', state: 'queued' });
  expect(await countSendJobs(server)).toBe(1);

  await breakAudit(server.database);
  const refused = newEmail();
  const { code } = await server.client.graphql(registerMutation, {
    input: { email: refused, password },
  });
  expect(code).toBe('INTERNAL_SERVER_ERROR');
  expect(await server.database.query('SELECT FROM users WHERE email = $1', [refused])).toEqual([]);
  expect(await server.database.query('SELECT FROM mails')).toHaveLength(1);
  expect(await countSendJobs(server)).toBe(1);
});

test('what a link proves stands readable in no table, before and after the mail is sent', async () => {
  const smtp = await startSmtpDouble();
  const server = await startQueueing();
  const { email } = await registerRecipient(server);
  const before = await everything(server);
  await startWorking(server, { SMTP_URL: smtp.url });
  await mailTo(server, email, hasState('sent'));
  const after = await everything(server);
  const [, token = ''] = /token=([\w-]+)/.exec(smtp.received[0]?.body ?? '') ?? [];
  expect(token).toHaveLength(64);
  const spellings = [token, ...['hex', 'base64'].map((code) => encoded(token, code))];
  for (const spelling of spellings) {
    expect(before).not.toContain(spelling);
    expect(after).not.toContain(spelling);
  }
  expect(before).toContain(email); // it does find what is there
});

function encoded(text: string, code: string): string {
  return Buffer.from(text).toString(code as BufferEncoding);
}

test('several workers send each mail once', async () => {
  const smtp = await startSmtpDouble();
  const server = await startQueueing({ BCRYPT_COST: '4' });
  const people = [];
  for (let count = 0; count < 30; count += 1) people.push(await registerRecipient(server));
  await Promise.all([1, 2, 3].map(() => startWorking(server, { SMTP_URL: smtp.url })));
  for (const { email } of people) await mailTo(server, email, hasState('sent'));
  const recipients = smtp.received.flatMap(({ to }) => to);
  expect(recipients.sort()).toEqual(people.map(({ email }) => email).sort());
});

test('a mail is given up after its last try', async () => {
  const smtp = await startSmtpDouble();
  const server = await startQueueing({ RUN_JOBS: 'true', SMTP_URL: smtp.url });
  smtp.refuseMails({ code: 451, text: 'Later' }, { code: 451, text: 'Still later' });
  const { email } = await registerRecipient(server);
  await mailTo(server, email, wasTried(1));
  const skipTries = () =>
    server.database.query(
      `UPDATE graphile_worker._private_jobs SET attempts = max_attempts - 1
       WHERE attempts = 1 AND locked_at IS NULL RETURNING id`,
    );
  await expect.poll(skipTries, { timeout: 10_000 }).toHaveLength(1);
  await retryNow(server);
  const failed = await mailTo(server, email, hasState('failed'));
  expect(failed.last_error).toContain('451 Still later');
  expect(failed.finished_at).not.toBeNull();
  await expect.poll(() => countSendJobs(server), { timeout: 10_000 }).toBe(0);
});

test('a job whose worker was killed is freed by the next sweep', async () => {
  const server = await startQueueing();
  const { email } = await registerRecipient(server);
  await server.database.query(
    `UPDATE graphile_worker._private_jobs SET locked_by = 'worker-killed', attempts = 1,
       locked_at = now() - interval '2 minutes' WHERE max_attempts > 1`,
  );
  await startWorking(server); // frees it at its start, as it would in a sweep
  await newestMail(server, email);

  const other = await registerRecipient(server);
  await newestMail(server, other.email);
  const third = await lockedAgain(server);
  await sweepNow(server);
  await expect.poll(async () => (await mailsTo(server, third)).length, { timeout: 10_000 }).toBe(1);
});

/** Someone whose mail a killed worker seems to have had for two minutes, unseen by the others. */
async function lockedAgain(server: TestServer): Promise<string> {
  const email = newEmail();
  await server.database.query(
    `CREATE FUNCTION lock_job() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       NEW.locked_by := 'worker-killed'; NEW.locked_at := now() - interval '2 minutes';
       RETURN NEW; END $$`,
  );
  await server.database.query(
    `CREATE TRIGGER lock_job BEFORE INSERT ON graphile_worker._private_jobs FOR EACH ROW
     WHEN (NEW.key IS NULL) EXECUTE FUNCTION lock_job()`,
  );
  await registerRecipient(server, email);
  await server.database.query('DROP FUNCTION lock_job() CASCADE');
  return email;
}

test('a mail whose last try was cut off counts as failed', async () => {
  const server = await startQueueing();
  const { email } = await registerRecipient(server);
  await server.database.query(
    `UPDATE graphile_worker._private_jobs SET attempts = max_attempts,
       locked_by = 'worker-killed', locked_at = now() - interval '2 minutes'`,
  );
  await startWorking(server);
  await expect.poll(() => sweepNow(server), { timeout: 10_000 }).toHaveLength(1);
  const failed = await mailTo(server, email, hasState('failed'));
  expect(failed.last_error).toBe('The last try was interrupted.');
  expect(await countSendJobs(server)).toBe(0);
  expect(await mailsTo(server, email)).toEqual([]);
});

test('records of mails and jobs that failed do not stay for ever', async () => {
  const server = await startQueueing();
  const recipients = ['sent, 31 days', 'sent, 29 days', 'failed, 91 days', 'failed, 89 days'];
  for (const recipient of recipients) {
    const [state, age] = recipient.split(', ');
    await server.database.query(
      `INSERT INTO mails (id, kind, recipient, state, created_at)
       VALUES (gen_random_uuid(), 'confirm', $1, $2, now() - $3::interval)`,
      [recipient, state, age],
    );
  }
  await server.database.query(
    `INSERT INTO mailbox_messages (id, recipient, subject, text, html, created_at)
     SELECT gen_random_uuid(), age || ' days', '', '', '', now() - make_interval(days => age)
     FROM unnest(ARRAY[6, 8]) AS age`,
  );
  await server.database.query(
    `SELECT graphile_worker.add_job('answer-reset-request', '{}', max_attempts => 1)`,
  );
  await server.database.query(
    `UPDATE graphile_worker._private_jobs SET attempts = 1, updated_at = now() - interval '8 days'`,
  );
  await startWorking(server);
  await expect.poll(() => sweepNow(server), { timeout: 10_000 }).toHaveLength(1);
  const kept = () => server.database.query('SELECT recipient FROM mails ORDER BY recipient');
  await expect
    .poll(kept, { timeout: 10_000 })
    .toEqual([{ recipient: 'failed, 89 days' }, { recipient: 'sent, 29 days' }]);
  const left = () =>
    server.database.query(
      `SELECT (SELECT string_agg(recipient, ',') FROM mailbox_messages) AS messages,
         (SELECT count(*)::int FROM graphile_worker.jobs WHERE key IS NULL) AS jobs`,
    );
  await expect.poll(left, { timeout: 10_000 }).toEqual([{ messages: '6 days', jobs: 0 }]);
});

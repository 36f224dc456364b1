import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { auditOf, breakAudit, mendAudit } from '../audit/audit.ts';
import { registerStaff, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  countSendJobs,
  mailsQuery,
  mailTo,
  registerRecipient,
  retryMutation,
  type MailRow,
  type MailsResult,
  type RetryResult,
} from './mails.ts';

let server: TestServer;
let staff: Awaited<ReturnType<typeof registerStaff>>;
beforeAll(async () => {
  // Nobody sends: what the tests arrange stays as it is.
  server = await startTestServer({ RUN_JOBS: 'false' });
  staff = await registerStaff(server);
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.database.query('DELETE FROM mails');
  await server.database.query('DELETE FROM graphile_worker._private_jobs');
});

/** A mail of a new person that was given up. */
async function failedMail(): Promise<{ person: Person; mail: MailRow }> {
  const person = await registerRecipient(server);
  await server.database.query(
    `UPDATE mails SET state = 'failed', attempts = 14, last_error = '550 No', finished_at = now()
     WHERE recipient = $1`,
    [person.email],
  );
  await server.database.query('DELETE FROM graphile_worker._private_jobs');
  return { person, mail: await mailTo(server, person.email) };
}

const list = (person: Person, variables: Record<string, unknown> = {}) =>
  person.client.graphql<MailsResult>(mailsQuery, variables);
const retry = (person: Person, id: string) =>
  person.client.graphql<RetryResult>(retryMutation, { id });

test('Admins and Owners see all mails, newest first, and no token', async () => {
  const first = await registerRecipient(server);
  const second = await registerRecipient(server);
  for (const person of [staff.owner, staff.admin]) {
    const { data, errors } = await list(person);
    expect(errors).toEqual([]);
    expect(data.mails).toMatchObject({ totalCount: 2, totalPages: 1, page: 1, pageSize: 10 });
    expect(data.mails.nodes).toMatchObject([
      { recipient: second.email, kind: 'CONFIRM', user: { id: second.id } },
      {
        recipient: first.email,
        state: 'QUEUED',
        attempts: 0,
        lastError: null,
        createdAt: expect.stringMatching(/Z$/) as unknown,
        finishedAt: null,
        user: { id: first.id },
      },
    ]);
    expect(JSON.stringify(data)).not.toMatch(/[\w-]{64}/);
  }
});

test('mails are listed by state and page by page', async () => {
  const { mail } = await failedMail();
  const waiting = await registerRecipient(server);
  const nodes = async (variables: Record<string, unknown>) =>
    (await list(staff.admin, variables)).data.mails.nodes.map(({ recipient }) => recipient);
  expect(await nodes({ state: 'FAILED' })).toEqual([mail.recipient]);
  expect(await nodes({ state: 'QUEUED' })).toEqual([waiting.email]);
  expect(await nodes({ state: 'SENT' })).toEqual([]);
  expect(await nodes({ state: null, page: null, pageSize: null })).toHaveLength(2);
  expect(await nodes({ page: 2, pageSize: 1 })).toEqual([mail.recipient]);
  const { data } = await list(staff.admin, { pageSize: 1 });
  expect(data.mails).toMatchObject({ totalCount: 2, totalPages: 2, pageSize: 1 });
  for (const bounds of [{ page: 0 }, { pageSize: 0 }, { pageSize: 101 }]) {
    expect((await list(staff.admin, bounds)).code).toBe('BAD_USER_INPUT');
  }
});

test('nobody else sees or retries mails', async () => {
  const { mail } = await failedMail();
  const unconfirmed = await registerUnconfirmed(server);
  const callers = [
    [server.client, 'UNAUTHENTICATED'],
    [staff.user.client, 'FORBIDDEN'],
    [unconfirmed.client, 'EMAIL_NOT_CONFIRMED'],
  ] as const;
  for (const [client, code] of callers) {
    expect((await client.graphql(mailsQuery)).code).toBe(code);
    expect((await client.graphql(retryMutation, { id: mail.id })).code).toBe(code);
  }
  expect(await mailTo(server, mail.recipient)).toEqual(mail);
});

test('retrying queues the mail and one job, and is recorded', async () => {
  const { person, mail } = await failedMail();
  const { data, errors } = await retry(staff.admin, mail.id);
  expect(errors).toEqual([]);
  expect(data.retryMail).toMatchObject({
    mail: { id: mail.id, state: 'QUEUED', finishedAt: null, lastError: '550 No' },
    errors: [],
  });
  expect(await countSendJobs(server)).toBe(1);
  const entries = await auditOf(server.database, person.id);
  expect(entries.at(-1)).toMatchObject({
    action: 'mail.retried',
    actor_type: 'user',
    actor_id: staff.admin.id,
    metadata: { mailId: mail.id, kind: 'confirm' },
  });
});

test('only a mail that has failed can be retried', async () => {
  const queued = await registerRecipient(server);
  const sent = await registerRecipient(server);
  await server.database.query(`UPDATE mails SET state = 'sent' WHERE recipient = $1`, [sent.email]);
  const ids = [
    (await mailTo(server, queued.email)).id,
    (await mailTo(server, sent.email)).id,
    '0198c0de-0000-7000-8000-000000000001',
    'no id at all',
  ];
  for (const id of ids) {
    const { data, errors } = await retry(staff.owner, id);
    expect(errors).toEqual([]);
    expect(data.retryMail).toEqual({
      mail: null,
      errors: [{ code: 'NOT_FOUND', field: 'id', message: 'names no mail that has failed' }],
    });
  }
  expect(await countSendJobs(server)).toBe(2);
  const entries = await auditOf(server.database, sent.id);
  expect(entries.filter(({ action }) => action === 'mail.retried')).toEqual([]);
});

test('of 20 retries at once one counts', async () => {
  const { person, mail } = await failedMail();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      retry(index % 2 === 0 ? staff.owner : staff.admin, mail.id),
    ),
  );
  const retried = answers.filter(({ data }) => data.retryMail.errors.length === 0);
  expect(retried).toHaveLength(1);
  expect(await countSendJobs(server)).toBe(1);
  const entries = await auditOf(server.database, person.id);
  expect(entries.filter(({ action }) => action === 'mail.retried')).toHaveLength(1);
});

test('a retry that cannot be recorded leaves the mail failed and no job', async () => {
  const { mail } = await failedMail();
  await breakAudit(server.database);
  expect((await retry(staff.owner, mail.id)).code).toBe('INTERNAL_SERVER_ERROR');
  await mendAudit(server.database);
  expect(await mailTo(server, mail.recipient)).toEqual(mail);
  expect(await countSendJobs(server)).toBe(0);
});

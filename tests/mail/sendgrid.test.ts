import { expect, onTestFinished, test } from 'vitest';
import { createSendGrid } from '../../src/adapters/sendgrid.ts';
import type { Message } from '../../src/context.ts';
import { registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  countSendJobs,
  hasState,
  mailsQuery,
  mailTo,
  registerRecipient,
  retryMutation,
  retryNow,
  wasTried,
  type MailsResult,
  type RetryResult,
} from './mails.ts';
import { startSendGridDouble, type SendGridDouble } from './sendgrid-double.ts';

const apiKey = 'SG.the-key-of-the-tests';

/** A server that sends through the double, with its Owner. */
async function startSending(): Promise<{ server: TestServer; sendGrid: SendGridDouble }> {
  const sendGrid = await startSendGridDouble();
  const server = await startTestServer({
    SENDGRID_API_KEY: apiKey,
    SENDGRID_URL: sendGrid.url,
    MAIL_FROM: 'Example Accounts <accounts@example.com>',
  });
  onTestFinished(() => server.stop());
  return { server, sendGrid };
}

test('a mail goes to SendGrid once, with its key, its address, text and HTML', async () => {
  const { server, sendGrid } = await startSending();
  await registerPerson(server);
  const { email } = await registerRecipient(server);
  const mail = await mailTo(server, email, hasState('sent'));

  const requests = sendGrid.requests.filter(
    ({ body }) => body.personalizations[0]?.to[0]?.email === email,
  );
  expect(requests).toHaveLength(1);
  const [request] = requests;
  expect(request).toMatchObject({
    path: '/v3/mail/send',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: {
      personalizations: [{ to: [{ email }] }],
      from: { email: 'accounts@example.com', name: 'Example Accounts' },
      custom_args: { mail_id: mail.id },
      tracking_settings: {
        click_tracking: { enable: false, enable_text: false },
        open_tracking: { enable: false },
      },
    },
  });
  const { subject = '', content = [] } = request?.body ?? {};
  expect(subject).not.toBe('');
  expect(content.map(({ type }) => type)).toEqual(['text/plain', 'text/html']);
  for (const { value } of content) expect(value).toMatch(/\?token=[\w-]{64}/);
  expect(mail).toMatchObject({ attempts: 1, last_error: null, sealed_values: null });
  expect(mail.finished_at).not.toBeNull();
  await expect.poll(() => countSendJobs(server), { timeout: 10_000 }).toBe(0);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/^gatehouse_mails_total\{state="sent"\} [1-9]/m);
});

test.each([
  ['too many requests', { status: 429, errors: ['too many requests'] }],
  ['a fault of SendGrid', { status: 500, errors: [] }],
  ['an account that is switched off', { status: 401, errors: ['The provided key is revoked'] }],
  ['a sender that is not verified yet', { status: 403, errors: ['The from address is unknown'] }],
])('%s delays a mail and does not lose it', async (_, reply) => {
  const { server, sendGrid } = await startSending();
  await registerPerson(server);
  sendGrid.answer(reply);
  const { email } = await registerRecipient(server);
  const waiting = await mailTo(server, email, wasTried(1));
  expect(waiting).toMatchObject({ state: 'queued', attempts: 1, finished_at: null });
  expect(waiting.last_error).toBe(['SendGrid answered', reply.status, ...reply.errors].join(' '));
  expect(waiting.sealed_values).not.toBeNull();

  await retryNow(server);
  expect(await mailTo(server, email, hasState('sent'))).toMatchObject({
    attempts: 2,
    last_error: null,
  });
  expect(sendGrid.requests).toHaveLength(2);
  expect(sendGrid.requests[0]?.body.custom_args).toEqual(sendGrid.requests[1]?.body.custom_args);
});

test('a mail SendGrid refuses for good fails, is shown, and goes out when retried', async () => {
  const { server, sendGrid } = await startSending();
  const owner = await registerPerson(server);
  sendGrid.answer({ status: 400, errors: ['Does not contain a valid address.'] });
  const person = await registerRecipient(server);
  const { id } = await mailTo(server, person.email, hasState('failed'));
  await expect.poll(() => countSendJobs(server), { timeout: 10_000 }).toBe(0);

  const { data } = await owner.client.graphql<MailsResult>(mailsQuery, { state: 'FAILED' });
  expect(data.mails.nodes).toMatchObject([
    {
      id,
      kind: 'CONFIRM',
      recipient: person.email,
      state: 'FAILED',
      attempts: 1,
      lastError: 'SendGrid answered 400 Does not contain a valid address.',
      user: { id: person.id },
    },
  ]);

  const retried = await owner.client.graphql<RetryResult>(retryMutation, { id });
  expect(retried.data.retryMail).toMatchObject({ mail: { id, state: 'QUEUED' }, errors: [] });
  expect(await mailTo(server, person.email, hasState('sent'))).toMatchObject({ id, attempts: 2 });
  expect(sendGrid.requests).toHaveLength(2);
});

const message: Message = {
  id: '0198c0de-0000-7000-8000-000000000001',
  to: 'ada@example.com',
  from: 'accounts@example.com',
  subject: 'Hello',
  text: 'https://example.com/?token=secret',
  html: '<p>secret</p>',
};

test('SendGrid that does not answer is not waited for, and may be asked again', async () => {
  const sendGrid = await startSendGridDouble();
  sendGrid.answer('never');
  const transport = createSendGrid({ apiKey, url: sendGrid.url }, 100);
  await expect(transport.send(message)).rejects.toThrow('SendGrid was not reached: timeout');
  expect(await transport.send(message)).toEqual({ accepted: true });
});

test('a mail too large for SendGrid is refused for good', async () => {
  const sendGrid = await startSendGridDouble();
  sendGrid.answer({ status: 413 });
  const transport = createSendGrid({ apiKey, url: sendGrid.url });
  expect(await transport.send(message)).toEqual({
    accepted: false,
    reason: 'SendGrid answered 413',
  });
});

test('neither the key nor what a mail says is in the errors or the log', async () => {
  const { server, sendGrid } = await startSending();
  await registerPerson(server);
  sendGrid.answer({ status: 500 }, { status: 400, errors: ['No.'] });
  const { email } = await registerRecipient(server);
  await mailTo(server, email, wasTried(1));
  await retryNow(server);
  await mailTo(server, email, hasState('failed'));
  const [, content] = sendGrid.requests[0]?.body.content ?? [];
  const [, token = 'none'] = /token=([\w-]+)/.exec(content?.value ?? '') ?? [];
  expect(token).toHaveLength(64);
  const log = server.logged.join('\n');
  expect(log).toContain('a mail could not be sent');
  for (const secret of [apiKey, token]) expect(log).not.toContain(secret);

  const nobody = createSendGrid({ apiKey, url: 'http://127.0.0.1:1' });
  const error: unknown = await nobody.send(message).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(JSON.stringify([error, String(error), Object.entries(error as Error)])).not.toMatch(
    new RegExp(`${apiKey}|secret`),
  );
  expect((error as Error).cause).toBeUndefined();
});

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { newId } from '../../src/identifiers.ts';
import { mailsTo, newestMail } from '../support/mailbox.ts';
import { newEmail, registerPerson } from '../support/people.ts';
import { production, startTestServer, type TestServer } from '../support/server.ts';
import { registerRecipient } from './mails.ts';

interface JsonMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly links: readonly string[];
  readonly createdAt: string;
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server);
});
afterAll(() => server.stop());

const query = (to: string | undefined) => (to ? `?${new URLSearchParams({ to }).toString()}` : '');
const getJson = async (to?: string) =>
  (await (await fetch(`${server.url}/dev/mailbox.json${query(to)}`)).json()) as JsonMail[];
const getPage = async (to?: string) => {
  const response = await fetch(`${server.url}/dev/mailbox${query(to)}`);
  return { response, html: await response.text() };
};

/** Puts a mail straight into the mailbox, as old as told. */
async function receive(to: string, subject: string, html = '<p>Hello</p>', hoursAgo = 0) {
  await server.database.query(
    `INSERT INTO mailbox_messages (id, recipient, subject, text, html, created_at)
     VALUES ($1, $2, $3, $4, $5, now() - make_interval(hours => $6))`,
    // Ids grow with time, which tells apart what comes in one millisecond.
    [
      newId(),
      to,
      subject,
      'See https://example.com/a?b=c. Or (http://example.com/d).',
      html,
      hoursAgo,
    ],
  );
}

test('mail.json tells of each mail of an address, newest first', async () => {
  const { email } = await registerRecipient(server);
  const { token, links } = await newestMail(server, email);
  await receive(email, 'An older one', '<p>Hello</p>', 1);
  const [newest, older, ...more] = await getJson(email);
  expect(more).toEqual([]);
  expect(newest).toEqual({
    to: email,
    subject: expect.stringMatching(/./) as unknown,
    text: expect.stringContaining(`token=${token ?? 'none'}`) as unknown,
    html: expect.stringContaining(`token=${token ?? 'none'}`) as unknown,
    links,
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
  });
  expect(older).toMatchObject({
    subject: 'An older one',
    links: ['https://example.com/a?b=c', 'http://example.com/d'],
  });
});

test('an address is found in whatever case it is written, and others’ mail is not', async () => {
  const to = newEmail();
  await receive(to, 'For one');
  await receive(newEmail(), 'For another');
  for (const typed of [to, to.toUpperCase(), ` ${to} `]) {
    expect((await getJson(typed)).map(({ subject }) => subject)).toEqual(['For one']);
  }
  expect((await mailsTo(server, to.toUpperCase())).length).toBe(1);
  expect(await getJson('nobody@example.com')).toEqual([]);
  expect(await getJson("' OR true --")).toEqual([]);
});

test('without an address all mail is told, the newest hundred at most', async () => {
  const before = await getJson();
  const first = newEmail();
  const second = newEmail();
  await receive(first, 'One');
  await receive(second, 'Two');
  expect((await getJson()).slice(0, 2).map(({ to }) => to)).toEqual([second, first]);
  expect((await getJson()).length).toBe(before.length + 2);

  await server.database.query(
    `INSERT INTO mailbox_messages (id, recipient, subject, text, html, created_at)
     SELECT gen_random_uuid(), 'many@example.com', number::text, '', '', now() - make_interval(days => 2)
     FROM generate_series(1, 150) AS number`,
  );
  expect(await getJson()).toHaveLength(100);
  expect(await getJson('many@example.com')).toHaveLength(100);
});

test('the page shows the mail, and nothing in it becomes part of the page', async () => {
  const to = 'evil"><img src=x onerror=alert(1)>@example.com';
  const subject = '<script>alert(1)</script>';
  await receive(to, subject, '<head><title>x</title></head><script>alert(2)</script>');
  const { response, html } = await getPage(to);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sha256/);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).not.toMatch(/<script|<img/);
  expect(html).toContain('<a href="https://example.com/a?b=c">');

  const [, frame = ''] = /<iframe[^>]*src="([^"]+)"/.exec(html) ?? [];
  const framed = await fetch(`${server.url}${frame.replaceAll('&amp;', '&')}`);
  expect(await framed.text()).toBe(
    '<head><base target="_blank"><title>x</title></head><script>alert(2)</script>',
  );
  const policy = framed.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/default-src 'none'.*sandbox allow-popups/);
  expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
  expect(framed.headers.get('x-frame-options')).toBe('SAMEORIGIN');
});

test('a mail that is not there is not found', async () => {
  const gone = await fetch(`${server.url}/dev/mailbox/mail?id=nothing`);
  expect(gone.status).toBe(404);
  const { html } = await getPage('nobody@example.com');
  expect(html).toContain('No mail to nobody@example.com yet.');
});

test.each([
  ['in production', production],
  ['when mail is really sent', { SMTP_URL: 'smtp://127.0.0.1:9' }],
])('there is no mailbox %s', async (_, environment) => {
  const other = await startTestServer(environment);
  onTestFinished(() => other.stop());
  for (const path of ['/dev/mailbox', '/dev/mailbox.json', '/dev/mailbox/mail']) {
    expect((await fetch(`${other.url}${path}`)).status, path).toBe(404);
  }
  await registerPerson(other);
  await registerRecipient(other);
  expect(await other.database.query('SELECT FROM mailbox_messages')).toEqual([]);
});

import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createSmtp } from '../../src/adapters/smtp.ts';
import type { MailTransport, Message } from '../../src/context.ts';
import { registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { hasState, mailTo, registerRecipient, retryNow, wasTried } from './mails.ts';
import { startSmtpDouble, type SmtpDouble } from './smtp-double.ts';

const from = 'Example Accounts <accounts@example.com>';

async function startSending(): Promise<{ server: TestServer; smtp: SmtpDouble }> {
  const smtp = await startSmtpDouble();
  const server = await startTestServer({ SMTP_URL: smtp.url, MAIL_FROM: from });
  onTestFinished(() => server.stop());
  await registerPerson(server);
  return { server, smtp };
}

/** The adapter by itself, closed after the test. */
function transportTo(url: string, timeoutMilliseconds?: number): MailTransport {
  const transport = createSmtp(url, timeoutMilliseconds);
  onTestFinished(() => transport.close());
  return transport;
}

const message: Message = {
  id: '0198c0de-0000-7000-8000-000000000001',
  to: 'ada@example.com',
  from,
  subject: 'Grüße',
  text: 'In words.',
  html: '<p>In HTML.</p>',
};

test('a mail goes to the SMTP server once, with its address, text and HTML', async () => {
  const { server, smtp } = await startSending();
  const { email } = await registerRecipient(server);
  const { id } = await mailTo(server, email, hasState('sent'));
  expect(smtp.received).toMatchObject([{ from: 'accounts@example.com', to: [email] }]);
  const { header = '', body = '' } = smtp.received[0] ?? {};
  expect(header).toMatch(/^From: Example Accounts <accounts@example\.com>\r$/m);
  expect(header).toContain(`\r\nTo: ${email}\r\n`);
  expect(header).toContain(`\r\nMessage-ID: <${id}@example.com>\r\n`);
  expect(header).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(header).toContain('Content-Type: multipart/alternative');
  expect(body).toContain('Content-Type: text/plain; charset=utf-8');
  expect(body).toContain('Content-Type: text/html; charset=utf-8');
  expect(body.match(/\?token=[\w-]{64}/g)?.length).toBeGreaterThanOrEqual(2);
});

test('a server that is busy delays a mail; the next try is the same mail', async () => {
  const { server, smtp } = await startSending();
  smtp.refuseMails({ code: 451, text: 'Try again later' });
  const { email } = await registerRecipient(server);
  const waiting = await mailTo(server, email, wasTried(1));
  expect(waiting).toMatchObject({ state: 'queued', attempts: 1 });
  expect(waiting.last_error).toContain('451 Try again later');
  await retryNow(server);
  const { id } = await mailTo(server, email, hasState('sent'));
  expect(smtp.received.map(({ header }) => header.includes(`<${id}@example.com>`))).toEqual([true]);
});

test('a recipient that is refused for good fails the mail', async () => {
  const { server, smtp } = await startSending();
  smtp.refuseRecipients({ code: 550, text: 'No such user' });
  const { email } = await registerRecipient(server);
  const failed = await mailTo(server, email, hasState('failed'));
  expect(failed).toMatchObject({ attempts: 1 });
  expect(failed.last_error).toContain('550 No such user');
});

test('a link that a refusal quotes is neither kept nor logged', async () => {
  const { server, smtp } = await startSending();
  const tokens: string[] = [];
  smtp.refuseMails({
    code: 554,
    text: (body) => {
      const [link = '', token = ''] = /https?:\S+?token=([\w-]+)/.exec(body) ?? [];
      tokens.push(token);
      return `Looks like spam: ${link}`;
    },
  });
  const { email } = await registerRecipient(server);
  const { last_error: reason } = await mailTo(server, email, hasState('failed'));
  expect(reason).toMatch(/554 Looks like spam: \S+\?token=…$/);
  expect(tokens).toEqual([expect.stringMatching(/^[\w-]{64}$/)]);
  expect(server.logged.join('\n')).not.toContain(tokens[0]);
});

test('a wrong password is mended and not the fault of the mail', async () => {
  const smtp = await startSmtpDouble();
  smtp.accept('right');
  const url = (password: string) => `smtp://gatehouse:${password}@127.0.0.1:${smtp.port}`;
  await expect(transportTo(url('wrong')).send(message)).rejects.toThrow('535 Wrong password');
  expect(await transportTo(url('right')).send(message)).toEqual({ accepted: true });
});

test('a sender that is refused is mended and not the fault of the mail', async () => {
  const smtp = await startSmtpDouble({
    onMailFrom(_address, _session, callback) {
      callback(Object.assign(new Error('Not you'), { responseCode: 550 }));
    },
  });
  await expect(transportTo(smtp.url).send(message)).rejects.toThrow('550 Not you');
});

test('a password never goes to another machine in clear', async () => {
  const smtp = await startSmtpDouble();
  const host = `[::ffff:127.0.0.1]:${smtp.port}`; // this machine, by a name that does not tell
  await expect(transportTo(`smtp://a:secret@${host}`).send(message)).rejects.toThrow(/TLS/);
  expect(smtp.passwords).toEqual([]);
  const told = transportTo(`smtp://a:secret@${host}?requireTLS=false`);
  expect(await told.send(message)).toEqual({ accepted: true });
});

test('a server whose certificate nobody vouches for gets no mail unless it is told so', async () => {
  const smtp = await startSmtpDouble({ disabledCommands: [] });
  await expect(transportTo(smtp.url).send(message)).rejects.toThrow(/certificate/);
  expect(smtp.received).toEqual([]);
  const trusting = transportTo(`${smtp.url}?tls.rejectUnauthorized=false`);
  expect(await trusting.send(message)).toEqual({ accepted: true });
});

test.each(['x,ada@example.com', 'ada@example.com,bob', 'bob<ada@example.com', '>ada@example.com'])(
  'the strange address %s is refused and never becomes another',
  async (to) => {
    const smtp = await startSmtpDouble();
    const delivery = await transportTo(smtp.url).send({ ...message, to });
    expect(delivery).toMatchObject({ accepted: false });
    expect(smtp.received).toEqual([]);
  },
);

test.each([
  ['says nothing', () => undefined],
  ['never comes to the end of its greeting', (socket: Socket) => drip(socket, '220-still here')],
  ['never comes to the end of its last word', takeMailAndDrip],
])('a server that %s is not waited for', async (_, serve) => {
  const slow = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void slow.close());
  const { port } = slow.address() as AddressInfo;
  const started = performance.now();
  await expect(transportTo(`smtp://127.0.0.1:${port}`, 500).send(message)).rejects.toThrow();
  expect(performance.now() - started).toBeLessThan(5_000);
});

/** Says a line over and over, which no limit of idle time notices. */
function drip(socket: Socket, line: string): void {
  const timer = setInterval(() => socket.write(`${line}\r\n`), 20);
  socket.on('close', () => {
    clearInterval(timer);
  });
}

function takeMailAndDrip(socket: Socket): void {
  socket.write('220 here\r\n');
  socket.setEncoding('utf8').on('data', (text: string) => {
    if (/^(EHLO|MAIL|RCPT)/.test(text)) socket.write('250 go on\r\n');
    else if (text.startsWith('DATA')) socket.write('354 go on\r\n');
    else if (text.endsWith('\r\n.\r\n')) drip(socket, '250-almost');
  });
}

test('mails that follow each other share a connection', async () => {
  let connections = 0;
  const smtp = await startSmtpDouble({
    onConnect(_session, callback) {
      connections += 1;
      callback();
    },
  });
  const transport = transportTo(smtp.url);
  for (let count = 0; count < 3; count += 1) await transport.send(message);
  expect([smtp.received.length, connections]).toEqual([3, 1]);
});

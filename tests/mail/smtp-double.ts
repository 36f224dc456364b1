import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

interface ReceivedMessage {
  readonly from: string;
  readonly to: readonly string[];
  readonly header: string;
  /** As it reads, of all parts. */
  readonly body: string;
}

/** What the server says instead of accepting, such as `550 No such user`; it may quote the mail. */
interface SmtpReply {
  readonly code: number;
  readonly text: string | ((body: string) => string);
}

export interface SmtpDouble {
  readonly port: number;
  /** Without a password, on this machine. */
  readonly url: string;
  readonly received: readonly ReceivedMessage[];
  /** The passwords it was told, accepted or not. */
  readonly passwords: readonly string[];
  /** How the next recipients, and then the next mails, are refused; then it accepts everything. */
  refuseRecipients(...replies: SmtpReply[]): void;
  refuseMails(...replies: SmtpReply[]): void;
  /** The password to accept; by default any. */
  accept(password: string): void;
}

/** A local SMTP server; `options` add to it. It is gone after the test. */
export async function startSmtpDouble(options: SMTPServerOptions = {}): Promise<SmtpDouble> {
  const received: ReceivedMessage[] = [];
  const passwords: string[] = [];
  let recipientReplies: SmtpReply[] = [];
  let mailReplies: SmtpReply[] = [];
  let accepted: string | undefined;
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onAuth({ password, username }, _session, callback) {
      passwords.push(password ?? '');
      if (accepted !== undefined && password !== accepted) {
        callback(refusal({ code: 535, text: 'Wrong password' }));
      } else {
        callback(null, { user: username ?? '' });
      }
    },
    onRcptTo(_address, _session, callback) {
      const reply = recipientReplies.shift();
      callback(reply && refusal(reply));
    },
    onData(stream, { envelope }, callback) {
      void text(stream).then((message) => {
        const [header = '', ...parts] = message.split('\r\n\r\n');
        const body = readable(parts.join('\n'));
        const reply = mailReplies.shift();
        if (reply === undefined) {
          const from = envelope.mailFrom ? envelope.mailFrom.address : '';
          received.push({ from, to: envelope.rcptTo.map(({ address }) => address), header, body });
        }
        callback(reply && refusal(reply, body));
      }, callback); // of a sender that ended in the middle
    },
    ...options,
  });
  server.on('error', () => undefined); // connections that the tests break
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    received,
    passwords,
    refuseRecipients: (...replies) => (recipientReplies = replies),
    refuseMails: (...replies) => (mailReplies = replies),
    accept: (password) => (accepted = password),
  };
}

function refusal({ code, text: words }: SmtpReply, body = ''): Error {
  const message = typeof words === 'string' ? words : words(body);
  return Object.assign(new Error(message), { responseCode: code });
}

/** Quoted-printable, for what the tests look at: soft line ends and signs of ASCII. */
function readable(body: string): string {
  return body
    .replaceAll('=\r\n', '')
    .replace(/=([0-7][0-9A-F])/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

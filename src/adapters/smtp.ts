import { createTransport } from 'nodemailer';
import type { Delivery, MailTransport, Message } from '../context.ts';

// For everything from the first byte to the server's last word. Below the time that a stopping
// process gives to what is under way.
const defaultTimeoutMilliseconds = 20_000;

// What an operator may say in the URL. Others would write mails into the log, or change the times.
const urlOptions: readonly string[] = [
  'ignoreTLS',
  'name',
  'requireTLS',
  'tls.rejectUnauthorized',
  'tls.servername',
];

// Signs that mean something where addresses are read: what follows or precedes one could be taken
// for the address. Nobody's address has them.
const ambiguous = /[<>(),;:\\"]/;

/** Sends mail through an SMTP server, over connections that stay open for the next. */
export function createSmtp(
  smtpUrl: string,
  timeoutMilliseconds = defaultTimeoutMilliseconds,
): MailTransport & { close(): void } {
  const transport = createTransport({
    pool: true,
    url: usableUrl(smtpUrl),
    maxConnections: 4, // as many as there are jobs at a time
    logger: false,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: timeoutMilliseconds / 2,
    greetingTimeout: timeoutMilliseconds / 2,
    socketTimeout: timeoutMilliseconds / 2,
  });
  return {
    async send(message) {
      if (ambiguous.test(message.to)) {
        return { accepted: false, reason: 'The address cannot be written in a mail.' };
      }
      try {
        // Ends the connection as well: a mail that counts as not sent must not go out after all.
        const signal = AbortSignal.timeout(timeoutMilliseconds);
        await transport.sendMail({ ...toMail(message), signal });
        return { accepted: true };
      } catch (error) {
        return refusal(error);
      }
    },
    close: () => transport.close(),
  };
}

/**
 * The URL with the options that are ours to allow. A password goes over TLS only, whatever the
 * server offers, unless the server is this machine or the URL says otherwise.
 */
function usableUrl(smtpUrl: string): string {
  const url = new URL(smtpUrl);
  for (const name of [...url.searchParams.keys()]) {
    if (!urlOptions.includes(name)) url.searchParams.delete(name);
  }
  const decided = url.searchParams.has('requireTLS') || url.searchParams.has('ignoreTLS');
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (!decided && !local && url.password !== '') url.searchParams.set('requireTLS', 'true');
  return url.href;
}

function toMail({ id, to, from, subject, text, html }: Message) {
  return {
    to: { name: '', address: to }, // not as text, which would be read as a list
    from,
    subject,
    text,
    html,
    // The same for every attempt, so that a mailbox can tell a repetition.
    messageId: `<${id}@${domainOf(from)}>`,
    // RFC 3834: answering machines leave it alone.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

const domainOf = (from: string) => from.replace(/^.*@/s, '').replace(/>$/, '');

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
}

/** Answers a refusal that will not change; throws what may pass, or what an operator can mend. */
function refusal(error: unknown): Delivery {
  const { code, responseCode, command, message } = error as SmtpError;
  if (code === 'EABORT') throw new Error('The SMTP server took too long.');
  const isFinal = isAboutTheMail(code, command) && (responseCode ?? 500) >= 500;
  if (!isFinal) throw new Error(message);
  return { accepted: false, reason: message };
}

/**
 * Whether the recipient or what the mail says was refused. A refused sender or password is the
 * configuration's fault; it can be mended, and mail waits for that.
 */
function isAboutTheMail(code: string | undefined, command: string | undefined): boolean {
  return code === 'EMESSAGE' || (code === 'EENVELOPE' && command !== 'MAIL FROM');
}

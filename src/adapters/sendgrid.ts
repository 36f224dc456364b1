import sendgrid, { type MailDataRequired } from '@sendgrid/mail';
import type { Delivery, MailTransport, Message } from '../context.ts';

interface Account {
  readonly apiKey: string;
  /** Of the API: customers in the European Union have one of their own. */
  readonly url: string;
}

// SendGrid answers within a second or two; what it has not taken by then is tried again.
const defaultTimeoutMilliseconds = 15_000;

// The request itself is wrong, or too large: it would be as wrong tomorrow. All other refusals are
// about the account (401, 403), the pace (429) or SendGrid (5xx), and pass or are mended.
// https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses
const finalStatuses: readonly unknown[] = [400, 413];

/** What the library has but its types do not tell: each service has a client of its own. */
interface OpenService {
  readonly client: { setDefaultRequest(key: string, value: unknown): void };
  setApiKey(apiKey: string): void;
  setTimeout(milliseconds: number): void;
  send(data: MailDataRequired): Promise<unknown>;
}

/** Sends mail through SendGrid's Web API v3. */
export function createSendGrid(
  { apiKey, url }: Account,
  timeoutMilliseconds = defaultTimeoutMilliseconds,
): MailTransport {
  // What the library exports is one service for the whole process.
  const service = new (sendgrid.constructor as new () => OpenService)();
  service.setApiKey(apiKey);
  service.setTimeout(timeoutMilliseconds);
  service.client.setDefaultRequest('baseUrl', url);
  return {
    async send(message) {
      try {
        await service.send(toData(message));
        return { accepted: true };
      } catch (error) {
        return refusal(error);
      }
    },
  };
}

function toData({ id, to, from, subject, text, html }: Message): MailDataRequired {
  return {
    to: { email: to },
    from,
    subject,
    text,
    html,
    // SendGrid knows no idempotency key; by this its events and the mail itself tell which it is.
    customArgs: { mail_id: id },
    headers: { 'X-Entity-Ref-ID': id },
    // Tracking would lead the links, and the tokens in them, through SendGrid's servers.
    trackingSettings: {
      clickTracking: { enable: false, enableText: false },
      openTracking: { enable: false },
    },
  };
}

/** Answers a refusal that will not change; throws, without the key and the mail, what may pass. */
function refusal(error: unknown): Delivery {
  const { code, message, response } = error as {
    readonly code?: unknown;
    readonly message?: string;
    readonly response?: { readonly body?: unknown };
  };
  if (typeof code !== 'number') throw new Error(`SendGrid was not reached: ${message ?? ''}`);
  const reason = `SendGrid answered ${[code, ...reasonsIn(response?.body)].join(' ')}`;
  if (!finalStatuses.includes(code)) throw new Error(reason);
  return { accepted: false, reason };
}

/** `{"errors": [{"message": …}]}`, unless something else than SendGrid answered. */
function reasonsIn(body: unknown): string[] {
  const { errors } = (body ?? {}) as { readonly errors?: unknown };
  if (!Array.isArray(errors)) return [];
  return errors.map((one) => String((one as { readonly message?: unknown }).message));
}

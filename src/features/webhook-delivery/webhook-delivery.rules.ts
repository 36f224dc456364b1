import { createHmac } from 'node:crypto';
import type { WebhookAnswer } from '../../posting.ts';
import { keyOf, type WebhookSecret } from '../webhook/webhook.token.ts';

export type DeliveryState = 'pending' | 'delivered' | 'failed';

/** The states under the names that clients use. */
export const deliveryStateNames = {
  PENDING: 'pending',
  DELIVERED: 'delivered',
  FAILED: 'failed',
} as const satisfies Readonly<Record<string, DeliveryState>>;

/** What is posted, before it is signed. */
export interface Message {
  readonly id: string;
  readonly type: string;
  readonly createdAt: Date;
  readonly data: unknown;
}

export function bodyOf({ type, createdAt, data }: Message): string {
  return JSON.stringify({ type, timestamp: createdAt.toISOString(), data });
}

/**
 * The headers of Standard Webhooks. The time is that of the try, by which receivers refuse what
 * somebody recorded; the id is that of the event, by which they know what they have had already.
 */
export function headersOf(
  id: string,
  body: string,
  secrets: readonly WebhookSecret[],
  at: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const signed = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`);
    return `v1,${signed.digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'user-agent': 'Gatehouse',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

// The schedule Standard Webhooks recommends, but for its last tries: a day and a half in all.
const delays = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 18 * 3600];

/**
 * How long to wait after so many tries in vain; undefined when there is no other. A little longer
 * for some than for others, so that not all that failed together comes back together.
 */
export function delayAfter(attempts: number): number | undefined {
  const delay = delays[attempts - 1];
  return delay && Math.round(delay * (1 + Math.random() / 10));
}

/** What comes of an answer; `gone` says that the receiver wants no more of anything. */
export type Outcome = 'delivered' | 'gone' | 'failed';

export function outcomeOf(answer: WebhookAnswer): Outcome {
  if ('fault' in answer) return 'failed';
  if (answer.status >= 200 && answer.status < 300) return 'delivered';
  return answer.status === 410 ? 'gone' : 'failed';
}

/** What the log says went wrong. Of what a receiver answers nothing but the status is kept. */
export function errorOf(answer: WebhookAnswer): string | null {
  if ('fault' in answer) return answer.fault.slice(0, 300);
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `Answered ${status}; redirects are not followed.`;
  return `Answered ${status}.`;
}

import { expect } from 'vitest';
import type { Answer, Client, UserError } from '../support/client.ts';
import type { TestServer } from '../support/server.ts';

export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  readonly overlapsUntil: string | null;
  readonly createdBy: { readonly id: string } | null;
}

export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly type: string;
  readonly userId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly state: 'PENDING' | 'DELIVERED' | 'FAILED';
  readonly attempts: number;
  readonly statusCode: number | null;
  readonly durationMs: number | null;
  readonly error: string | null;
  readonly lastTriedAt: string | null;
  readonly nextTryAt: string | null;
  readonly finishedAt: string | null;
}

interface Outcome {
  readonly outcome: {
    readonly webhook: Webhook | null;
    readonly secret: string | null;
    readonly errors: readonly UserError[];
  } | null;
}

interface DeliveryOutcome {
  readonly outcome: {
    readonly delivery: Delivery | null;
    readonly errors: readonly UserError[];
  } | null;
}

const webhookFields = 'id url events enabled disabledReason overlapsUntil createdBy { id }';
const payload = `{ webhook { ${webhookFields} } secret errors { code field message } }`;
const deliveryFields = `id eventId type userId data state attempts statusCode durationMs error
  lastTriedAt nextTryAt finishedAt`;
const deliveryPayload = `{ delivery { ${deliveryFields} } errors { code field message } }`;

export const allEvents = [
  'USER_CREATED',
  'USER_UPDATED',
  'USER_CONFIRMED',
  'USER_ACTIVATED',
  'USER_DEACTIVATED',
  'USER_DELETED',
  'USER_SIGNED_IN',
  'USER_ROLE_CHANGED',
  'USER_PASSWORD_CHANGED',
];

export interface Wanted {
  readonly url?: string;
  readonly events?: readonly string[];
  readonly secret?: string | null;
}

export function createWebhook(client: Client, wanted: Wanted = {}): Promise<Answer<Outcome>> {
  return client.graphql(
    `mutation ($url: String!, $events: [WebhookEvent!]!, $secret: String) {
      outcome: createWebhook(url: $url, events: $events, secret: $secret) ${payload}
    }`,
    { url: 'https://example.com/hook', events: ['USER_CREATED'], ...wanted },
  );
}

export function updateWebhook(
  client: Client,
  id: string,
  change: Omit<Wanted, 'secret'> & { enabled?: boolean },
): Promise<Answer<Outcome>> {
  return client.graphql(
    `mutation ($id: ID!, $url: String, $events: [WebhookEvent!], $enabled: Boolean) {
      outcome: updateWebhook(id: $id, url: $url, events: $events, enabled: $enabled) ${payload}
    }`,
    { id, ...change },
  );
}

export function rotateSecret(
  client: Client,
  id: string,
  given: { graceSeconds?: number; secret?: string } = {},
): Promise<Answer<Outcome>> {
  return client.graphql(
    `mutation ($id: ID!, $graceSeconds: Int, $secret: String) {
      outcome: rotateWebhookSecret(id: $id, graceSeconds: $graceSeconds, secret: $secret) ${payload}
    }`,
    { id, ...given },
  );
}

export function deleteWebhook(client: Client, id: string): Promise<Answer<Outcome>> {
  return client.graphql(`mutation ($id: ID!) { outcome: deleteWebhook(id: $id) ${payload} }`, {
    id,
  });
}

export function testWebhook(client: Client, id: string): Promise<Answer<DeliveryOutcome>> {
  return client.graphql(
    `mutation ($id: ID!) { outcome: testWebhook(id: $id) ${deliveryPayload} }`,
    { id },
  );
}

export function redeliver(client: Client, deliveryId: string): Promise<Answer<DeliveryOutcome>> {
  return client.graphql(
    `mutation ($id: ID!) { outcome: redeliverWebhook(deliveryId: $id) ${deliveryPayload} }`,
    { id: deliveryId },
  );
}

export async function listWebhooks(client: Client): Promise<readonly Webhook[]> {
  const { data } = await client.graphql<{ webhooks: Webhook[] }>(
    `{ webhooks { ${webhookFields} } }`,
  );
  return data.webhooks;
}

/** The log of deliveries, newest first. */
export async function deliveriesOf(client: Client, webhookId: string): Promise<Delivery[]> {
  const { data, errors } = await client.graphql<{ webhookDeliveries: { nodes: Delivery[] } }>(
    `query ($id: ID!) {
      webhookDeliveries(webhookId: $id, pageSize: 100) { nodes { ${deliveryFields} } }
    }`,
    { id: webhookId },
  );
  expect(errors).toEqual([]);
  return data.webhookDeliveries.nodes;
}

/** The webhook of a call that went well, and its secret. */
export function made({ data, errors }: Answer<Outcome>): { webhook: Webhook; secret: string } {
  expect(errors).toEqual([]);
  expect(data.outcome?.errors).toEqual([]);
  const { webhook = null, secret = null } = data.outcome ?? {};
  if (webhook === null) throw new Error('There is no webhook.');
  return { webhook, secret: secret ?? '' };
}

/** Lets every delivery that waits for another try be tried now. */
export async function retryDeliveries({ database }: Pick<TestServer, 'database'>): Promise<void> {
  await database.query(
    `UPDATE graphile_worker._private_jobs SET run_at = now()
     WHERE key LIKE 'webhook-delivery:%' AND locked_at IS NULL AND run_at > now()`,
  );
}

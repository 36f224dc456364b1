import type { EntityManager } from 'typeorm';
import type { Tx } from '../../context.ts';
import { newId, type UserId, type WebhookDeliveryId, type WebhookId } from '../../identifiers.ts';
import { enqueueEach } from '../job/job.service.ts';
import {
  deliveryJobFlag,
  deliveryJobKey,
  worthTelling,
  type WebhookEventType,
} from './webhook-event.rules.ts';
import { describeUsers } from './user-description.service.ts';

/** What has happened in transactions that go on: to whom, and what of it. */
const noted = new WeakMap<EntityManager, Map<UserId, Set<WebhookEventType>>>();

/**
 * Has webhooks told of something, at the end of the transaction: whether they hear of it is decided
 * with the change, and what they hear is the user as the transaction leaves them. However often
 * something happens to a user in it, it is told once.
 */
export function noteEvents(tx: Tx, type: WebhookEventType, userIds: readonly UserId[]): void {
  if (userIds.length === 0) return;
  let events = noted.get(tx.db);
  if (events === undefined) {
    events = new Map();
    noted.set(tx.db, events);
    tx.endings.push(tellEvents);
  }
  for (const userId of userIds) events.set(userId, (events.get(userId) ?? new Set()).add(type));
}

/** The SQL condition that some webhook wants events of a type. */
export const isWantedSql = (type: WebhookEventType) =>
  `EXISTS (SELECT FROM webhooks WHERE is_enabled AND '${type}' = ANY (events))`;

interface Listener {
  readonly id: WebhookId;
  readonly events: readonly WebhookEventType[];
}

interface Event {
  readonly id: string;
  readonly type: WebhookEventType;
  readonly userId: UserId;
}

// As many users are described, and told of, at a time: an import makes thousands in a transaction.
const batchSize = 1000;

async function tellEvents(tx: Tx): Promise<void> {
  const events = [...(noted.get(tx.db) ?? [])].flatMap(([userId, types]) =>
    worthTelling(types).map((type) => ({ id: newId(), type, userId })),
  );
  // Locked, so that a webhook which is being deleted in this moment is not told of anything.
  const listeners: Listener[] = await tx.db.query(
    'SELECT id, events FROM webhooks WHERE is_enabled AND events && $1 ORDER BY id FOR KEY SHARE',
    [[...new Set(events.map(({ type }) => type))]],
  );
  const wanted = events.filter(({ type }) => listeners.some((one) => one.events.includes(type)));
  for (let start = 0; start < wanted.length; start += batchSize) {
    await tell(tx, listeners, wanted.slice(start, start + batchSize));
  }
}

async function tell(
  tx: Tx,
  listeners: readonly Listener[],
  events: readonly Event[],
): Promise<void> {
  const users = await describeUsers(tx, [...new Set(events.map(({ userId }) => userId))]);
  const deliveries = events.flatMap((event) =>
    listeners
      .filter((listener) => listener.events.includes(event.type))
      .map((listener) => ({ event, webhookId: listener.id, id: newId<WebhookDeliveryId>() })),
  );
  await tx.db.query(insertSql, [
    deliveries.map(({ id }) => id),
    deliveries.map(({ webhookId }) => webhookId),
    deliveries.map(({ event }) => event.id),
    deliveries.map(({ event }) => event.type),
    deliveries.map(({ event }) => event.userId),
    // Of who has been deleted nothing is left to tell but who it was.
    deliveries.map(({ event: { userId } }) => JSON.stringify(users.get(userId) ?? { id: userId })),
  ]);
  await queueDeliveries(tx, deliveries);
}

const insertSql = `
  INSERT INTO webhook_deliveries
    (id, webhook_id, event_id, type, user_id, data, created_at, next_try_at)
  SELECT one.id, one.webhook_id, one.event_id, one.type, one.user_id, one.data::json, now(), now()
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::text[])
    WITH ORDINALITY AS one (id, webhook_id, event_id, type, user_id, data, place)
  ORDER BY one.place`;

/** A delivery, and whose it is. */
export interface QueuedDelivery {
  readonly id: WebhookDeliveryId;
  readonly webhookId: WebhookId;
}

/** Has deliveries tried, now or after a while, instead of when they would have been tried next. */
export async function queueDeliveries(
  tx: Tx,
  deliveries: readonly QueuedDelivery[],
  delaySeconds = 0,
): Promise<void> {
  if (deliveries.length === 0) return;
  await enqueueEach(
    tx,
    'deliver-webhook',
    deliveries.map(({ id, webhookId }) => ({
      key: deliveryJobKey(id),
      data: { deliveryId: id, webhookId },
      delaySeconds,
      flag: deliveryJobFlag(webhookId),
    })),
  );
}

/** Has everything tried that waits for a webhook: the first of each user, which the rest follows. */
export async function resumeDeliveries(tx: Tx, webhookId: WebhookId): Promise<void> {
  const waiting: { id: WebhookDeliveryId }[] = await tx.db.query(
    `SELECT DISTINCT ON (coalesce(user_id, id)) id FROM webhook_deliveries
     WHERE webhook_id = $1 AND state = 'pending' ORDER BY coalesce(user_id, id), sequence`,
    [webhookId],
  );
  await queueDeliveries(
    tx,
    waiting.map(({ id }) => ({ id, webhookId })),
  );
}

/** Leaves of a person who is being deleted, in what was told of them, nothing but who it was. */
export async function forgetDeliveriesOf(tx: Tx, userId: UserId): Promise<void> {
  await tx.db.query(
    `UPDATE webhook_deliveries SET data = json_build_object('id', user_id) WHERE user_id = $1`,
    [userId],
  );
}

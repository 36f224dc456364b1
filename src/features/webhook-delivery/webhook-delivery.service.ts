import type { DataSource } from 'typeorm';
import { transaction, type Ctx, type Tx } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import { newId, parseId, type WebhookDeliveryId, type WebhookId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { asOwner } from '../role/ownership.service.ts';
import { deliveryJobKey } from '../webhook-event/webhook-event.rules.ts';
import { queueDeliveries, type QueuedDelivery } from '../webhook-event/webhook-event.service.ts';
import type { Webhook } from '../webhook/webhook.entity.ts';
import { lockWebhook, told } from '../webhook/webhook.service.ts';
import { WebhookDelivery } from './webhook-delivery.entity.ts';

interface Page {
  readonly page: number;
  readonly pageSize: number;
}

/** One page of what a webhook was told, or is to be told, newest first; empty for an unknown one. */
export async function listDeliveries(
  ctx: Ctx,
  webhookId: string,
  { page, pageSize }: Page,
): Promise<WebhookDelivery[]> {
  const id = parseId<WebhookId>(webhookId);
  if (id === undefined) return [];
  return ctx.db.find(WebhookDelivery, {
    where: { webhookId: id },
    order: { sequence: 'DESC' },
    take: pageSize,
    skip: (page - 1) * pageSize,
  });
}

/** How much a webhook was told or is to be told. */
export async function countDeliveries(ctx: Ctx, webhookId: string): Promise<number> {
  const id = parseId<WebhookId>(webhookId);
  return id === undefined ? 0 : ctx.db.countBy(WebhookDelivery, { webhookId: id });
}

/**
 * Has a webhook told of nothing, under the type `webhook.test`, to try it. Refuses with `NOT_FOUND`
 * and, for one that is disabled, `INVALID` on `id`, and with `INSUFFICIENT_PERMISSIONS`.
 */
export function testWebhook(ctx: Ctx, webhookId: string): Promise<WebhookDelivery> {
  return asOwner(ctx, async (ctx) => {
    const webhook = await lockWebhook(ctx, webhookId);
    requireEnabled(webhook, 'id');
    const id = newId<WebhookDeliveryId>();
    await ctx.db.query(
      `INSERT INTO webhook_deliveries
         (id, webhook_id, event_id, type, data, created_at, next_try_at)
       VALUES ($1, $2, $3, 'webhook.test', '{}', now(), now())`,
      [id, webhook.id, newId()],
    );
    return queueOne(ctx, id, webhook, 'webhook.tested');
  });
}

/**
 * Has something told once more, or now if it waits; what is told of the same user later waits for
 * it. Refuses with `NOT_FOUND`, and with `INVALID` for a disabled webhook, on `deliveryId`, and with
 * `INSUFFICIENT_PERMISSIONS`.
 */
export function redeliverWebhook(ctx: Ctx, deliveryId: string): Promise<WebhookDelivery> {
  return asOwner(ctx, async (ctx) => {
    const id = parseId<WebhookDeliveryId>(deliveryId);
    const found = id && (await ctx.db.findOneBy(WebhookDelivery, { id }));
    if (!found) return refuse(ErrorCode.NOT_FOUND, 'deliveryId', 'There is no such delivery.');
    const webhook = await lockWebhook(ctx, found.webhookId, 'deliveryId');
    requireEnabled(webhook, 'deliveryId');
    await ctx.db.query(
      `UPDATE webhook_deliveries
       SET state = 'pending', attempts = 0, next_try_at = now(), finished_at = NULL WHERE id = $1`,
      [found.id],
    );
    return queueOne(ctx, found.id, webhook, 'webhook.redelivered');
  });
}

async function queueOne(
  tx: Tx,
  id: WebhookDeliveryId,
  webhook: Webhook,
  action: 'webhook.tested' | 'webhook.redelivered',
): Promise<WebhookDelivery> {
  await queueDeliveries(tx, [{ id, webhookId: webhook.id }]);
  const metadata = { ...told(webhook), deliveryId: id };
  await record(tx, { action, subjectId: null, metadata });
  return tx.db.findOneByOrFail(WebhookDelivery, { id });
}

function requireEnabled({ isEnabled }: Webhook, field: string): void {
  if (!isEnabled) refuse(ErrorCode.INVALID, field, 'This webhook is disabled.');
}

/**
 * Has deliveries tried again whose job is gone: the server was killed in the middle of each of its
 * tries, or an operator deleted it. Everything told of the same user later would wait for ever. A
 * thousand at a time; answers how many.
 */
export async function resumeLostDeliveries(ctx: Ctx): Promise<number> {
  return transaction(ctx, async (ctx) => {
    const lost: QueuedDelivery[] = await ctx.db.query(
      `SELECT d.id, d.webhook_id AS "webhookId"
       FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
       WHERE w.is_enabled AND d.state = 'pending' AND d.next_try_at < now() - interval '10 minutes'
         AND NOT EXISTS (SELECT FROM webhook_deliveries earlier
           WHERE earlier.webhook_id = d.webhook_id AND earlier.user_id = d.user_id
             AND earlier.sequence < d.sequence AND earlier.state = 'pending')
         AND NOT EXISTS (SELECT FROM graphile_worker._private_jobs job
           WHERE job.key = $1 || d.id
             AND (job.attempts < job.max_attempts OR job.locked_at IS NOT NULL))
       LIMIT 1000 FOR UPDATE OF d SKIP LOCKED`,
      [deliveryJobKey('')],
    );
    await queueDeliveries(ctx, lost);
    return lost.length;
  });
}

/**
 * Deletes deliveries older than the retention, a batch at a time; what still waits to be tried is
 * given up long before, unless its webhook is disabled. Answers how many.
 */
export async function sweepDeliveries(
  dataSource: DataSource,
  retentionDays: number,
): Promise<number> {
  const [, count]: [unknown, number] = await dataSource.query(
    `DELETE FROM webhook_deliveries WHERE id IN (
       SELECT d.id FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
       WHERE d.created_at < now() - make_interval(days => $1)
         AND (d.state <> 'pending' OR NOT w.is_enabled)
       LIMIT 10000 FOR UPDATE OF d SKIP LOCKED)`,
    [retentionDays],
  );
  return count;
}

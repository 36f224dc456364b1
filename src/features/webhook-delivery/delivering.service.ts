import { transaction, type Ctx, type Tx } from '../../context.ts';
import type { UserId, WebhookDeliveryId, WebhookId } from '../../identifiers.ts';
import type { WebhookAnswer } from '../../posting.ts';
import { record } from '../audit/audit.service.ts';
import { queueDeliveries, type QueuedDelivery } from '../webhook-event/webhook-event.service.ts';
import { Webhook } from '../webhook/webhook.entity.ts';
import { told } from '../webhook/webhook.service.ts';
import type { WebhookSecret } from '../webhook/webhook.token.ts';
import type { DeliveryPlaces } from './delivery-places.rules.ts';
import { bodyOf, delayAfter, errorOf, headersOf, outcomeOf } from './webhook-delivery.rules.ts';

/** A delivery whose turn it is, and what posting it takes. */
interface Turn {
  readonly id: WebhookDeliveryId;
  readonly webhookId: WebhookId;
  readonly eventId: string;
  readonly userId: UserId | null;
  readonly sequence: string;
  readonly type: string;
  readonly data: unknown;
  readonly createdAt: Date;
  readonly attempts: number;
  readonly url: string;
  /** The present one first. */
  readonly sealedSecrets: readonly (Buffer | null)[];
}

/**
 * Posts one delivery, if it is its turn, and notes what came of it. Everything a webhook is told
 * of one user is told in order: the next is left to a job when this one is done or given up.
 *
 * One whose webhook has no place left goes back into the queue, where it is passed over until one
 * is free. That is rare: it was taken in the same moment as the one that has the last place.
 */
export async function deliverWebhook(
  ctx: Ctx,
  places: DeliveryPlaces,
  delivery: QueuedDelivery,
): Promise<void> {
  const { id, webhookId } = delivery;
  if (!places.take(webhookId)) {
    return transaction(ctx, (ctx) => queueDeliveries(ctx, [delivery]));
  }
  let milliseconds: number | undefined;
  try {
    const turn = await transaction(ctx, (ctx) => takeTurn(ctx, id));
    if (turn === undefined) return;
    const begun = performance.now();
    const answer = await post(ctx, turn);
    const taken = Math.round(performance.now() - begun);
    milliseconds = taken;
    await transaction(ctx, (ctx) => noteAnswer(ctx, turn, answer, taken));
  } finally {
    places.leave(webhookId, milliseconds);
  }
}

/** Undefined for what is done, whose webhook is disabled, or before which another one comes. */
async function takeTurn(tx: Tx, id: WebhookDeliveryId): Promise<Turn | undefined> {
  const [turn]: Turn[] = await tx.db.query(
    `SELECT d.id, d.webhook_id AS "webhookId", d.event_id AS "eventId", d.user_id AS "userId",
       d.sequence, d.type, d.data, d.created_at AS "createdAt", d.attempts, w.url,
       ARRAY[w.sealed_secret, CASE WHEN w.overlaps_until > now() THEN w.sealed_former_secret END]
         AS "sealedSecrets"
     FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
     WHERE d.id = $1 AND d.state = 'pending' AND w.is_enabled`,
    [id],
  );
  return turn && (await isFirst(tx, turn)) ? turn : undefined;
}

/**
 * Whether nothing else of the user comes before. What does is locked: it cannot end, and look for
 * what comes next, before this transaction has, so this one is not overlooked.
 */
async function isFirst(tx: Tx, { webhookId, userId, sequence }: Turn): Promise<boolean> {
  if (userId === null) return true;
  const [earlier]: unknown[] = await tx.db.query(
    `SELECT FROM webhook_deliveries
     WHERE webhook_id = $1 AND user_id = $2 AND sequence < $3 AND state = 'pending'
     ORDER BY sequence LIMIT 1 FOR SHARE`,
    [webhookId, userId, sequence],
  );
  return earlier === undefined;
}

async function post(ctx: Ctx, turn: Turn): Promise<WebhookAnswer> {
  const secrets = openSecrets(ctx, turn);
  if (secrets === undefined) {
    return { fault: 'Its secret was sealed with another APP_SECRET; rotate it.' };
  }
  const body = bodyOf({ ...turn, id: turn.eventId });
  const headers = headersOf(turn.eventId, body, secrets, new Date());
  return ctx.ports.webhooks.post({ url: turn.url, headers, body });
}

function openSecrets({ ports }: Ctx, { sealedSecrets }: Turn): WebhookSecret[] | undefined {
  try {
    return sealedSecrets.flatMap((sealed) =>
      sealed === null ? [] : [ports.sealer.open(sealed) as WebhookSecret],
    );
  } catch {
    return undefined; // it throws for what was sealed with another secret
  }
}

async function noteAnswer(
  tx: Tx,
  turn: Turn,
  answer: WebhookAnswer,
  milliseconds: number,
): Promise<void> {
  const outcome = outcomeOf(answer);
  const delay = outcome === 'failed' ? delayAfter(turn.attempts + 1) : undefined;
  const state = outcome === 'delivered' ? 'delivered' : delay === undefined ? 'failed' : 'pending';
  const [, noted]: [unknown, number] = await tx.db.query(
    `UPDATE webhook_deliveries SET state = $2::text, attempts = attempts + 1, status_code = $3,
       duration_ms = $4, error = $5, last_tried_at = now(),
       next_try_at = now() + make_interval(secs => $6::float8),
       finished_at = CASE WHEN $2::text <> 'pending' THEN now() END
     WHERE id = $1 AND state = 'pending'`,
    [
      turn.id,
      state,
      'status' in answer ? answer.status : null,
      milliseconds,
      errorOf(answer),
      delay ?? null,
    ],
  );
  if (noted === 0) return; // deleted meanwhile, or delivered by another try
  if (outcome === 'gone') await disable(tx, turn);
  if (delay !== undefined) await queueDeliveries(tx, [turn], delay);
  else await queueNext(tx, turn);
}

/** The next that the webhook is to be told of the same user. */
async function queueNext(tx: Tx, { webhookId, userId, sequence }: Turn): Promise<void> {
  if (userId === null) return;
  const next: QueuedDelivery[] = await tx.db.query(
    `SELECT id, webhook_id AS "webhookId" FROM webhook_deliveries
     WHERE webhook_id = $1 AND user_id = $2 AND sequence > $3 AND state = 'pending'
     ORDER BY sequence LIMIT 1`,
    [webhookId, userId, sequence],
  );
  await queueDeliveries(tx, next);
}

/** Standard Webhooks: "410 Gone" means that the endpoint wants no more of them. */
async function disable(tx: Tx, { webhookId, url }: Turn): Promise<void> {
  const disabledReason = 'The receiver answered 410 Gone.';
  const { affected } = await tx.db.update(
    Webhook,
    { id: webhookId, isEnabled: true },
    { isEnabled: false, disabledReason, updatedAt: () => 'now()' },
  );
  if (!affected) return;
  const metadata = { ...told({ id: webhookId, url }), reason: disabledReason };
  await record(tx, { action: 'webhook.disabled', subjectId: null, metadata });
}

import type { Ctx, Tx } from '../../context.ts';
import { ErrorCode, Refusal, refuse } from '../../errors.ts';
import { newId, parseId, type WebhookId } from '../../identifiers.ts';
import { cleanText } from '../../text.ts';
import { record } from '../audit/audit.service.ts';
import { asOwner } from '../role/ownership.service.ts';
import type { WebhookEventType } from '../webhook-event/webhook-event.rules.ts';
import { resumeDeliveries } from '../webhook-event/webhook-event.service.ts';
import { Webhook } from './webhook.entity.ts';
import {
  eventViolations,
  graceViolations,
  secretViolations,
  urlViolations,
} from './webhook.rules.ts';
import { newWebhookSecret, parseWebhookSecret, type WebhookSecret } from './webhook.token.ts';

/** A webhook with the secret it has just been given, which nobody can be told again. */
export interface IssuedWebhook {
  readonly webhook: Webhook;
  readonly secret: WebhookSecret;
}

/** What to change of a webhook. What is absent stays as it is. */
export interface WebhookChange {
  readonly url?: string | null | undefined;
  readonly events?: readonly WebhookEventType[] | null | undefined;
  readonly enabled?: boolean | null | undefined;
}

// Every event is posted to each of them.
const maxWebhooks = 50;

/** All webhooks, newest first. */
export function listWebhooks(ctx: Ctx): Promise<Webhook[]> {
  return ctx.db.find(Webhook, { order: { createdAt: 'DESC', id: 'DESC' }, take: maxWebhooks });
}

/**
 * Makes a webhook, with a secret of ours unless one is given. Refuses with everything that is
 * wrong: `REQUIRED`, `TOO_LONG` and `INVALID` on `url`, `events` and `secret`; and with
 * `INSUFFICIENT_PERMISSIONS`, and `TOO_LONG` on nothing when there are fifty already.
 */
export function createWebhook(
  ctx: Ctx,
  input: {
    readonly url: string;
    readonly events: readonly WebhookEventType[];
    readonly secret: string | null | undefined;
  },
): Promise<IssuedWebhook> {
  return asOwner(ctx, async (ctx) => {
    const url = cleanText(input.url);
    const violations = [
      ...urlViolations(url, ctx.ports.webhooks),
      ...eventViolations(input.events),
      ...secretViolations(input.secret),
    ];
    if (url === null || violations.length > 0) throw new Refusal(violations);
    await requireRoom(ctx);
    const secret = chosenSecret(input.secret);
    const id = newId<WebhookId>();
    const now = () => 'now()';
    await ctx.db.insert(Webhook, {
      id,
      url,
      events: [...input.events],
      sealedSecret: ctx.ports.sealer.seal(secret),
      createdById: ctx.actor.type === 'user' ? ctx.actor.userId : null,
      createdAt: now,
      updatedAt: now,
    });
    const webhook = await ctx.db.findOneByOrFail(Webhook, { id });
    const metadata = { ...told(webhook), events: webhook.events };
    await record(ctx, { action: 'webhook.created', subjectId: null, metadata });
    return { webhook, secret };
  });
}

async function requireRoom(tx: Tx): Promise<void> {
  if ((await tx.db.count(Webhook)) < maxWebhooks) return;
  refuse(ErrorCode.TOO_LONG, null, `There are at most ${maxWebhooks} webhooks.`);
}

const chosenSecret = (given: string | null | undefined): WebhookSecret =>
  parseWebhookSecret(given ?? '') ?? newWebhookSecret();

/**
 * Changes a webhook. One that is enabled again, or has another URL, gets what waits for it. Refuses
 * with `NOT_FOUND` on `id`, with everything that is wrong with `url` and `events`, and with
 * `INSUFFICIENT_PERMISSIONS`.
 */
export function updateWebhook(ctx: Ctx, id: string, change: WebhookChange): Promise<Webhook> {
  return asOwner(ctx, async (ctx) => {
    const before = await lockWebhook(ctx, id);
    const url = change.url === undefined ? before.url : cleanText(change.url);
    const events = [...(change.events ?? before.events)];
    const isEnabled = change.enabled ?? before.isEnabled;
    const violations = [...urlViolations(url, ctx.ports.webhooks), ...eventViolations(events)];
    if (url === null || violations.length > 0) throw new Refusal(violations);
    const disabledReason = isEnabled ? null : before.disabledReason;
    const wanted = { url, events, isEnabled, disabledReason };
    await ctx.db.update(Webhook, { id: before.id }, { ...wanted, updatedAt: () => 'now()' });
    const isMended = !before.isEnabled || url !== before.url;
    if (isEnabled && isMended) await resumeDeliveries(ctx, before.id);
    const webhook = await ctx.db.findOneByOrFail(Webhook, { id: before.id });
    const metadata = { ...told(webhook), events, enabled: isEnabled };
    await record(ctx, { action: 'webhook.updated', subjectId: null, metadata });
    return webhook;
  });
}

/**
 * Gives a webhook a new secret, ours unless one is given. For so many seconds everything is signed
 * with the one before as well. Refuses with `NOT_FOUND` on `id`, with `INVALID` on `graceSeconds`
 * and `secret`, and with `INSUFFICIENT_PERMISSIONS`.
 */
export function rotateWebhookSecret(
  ctx: Ctx,
  id: string,
  input: { readonly graceSeconds: number; readonly secret: string | null | undefined },
): Promise<IssuedWebhook> {
  return asOwner(ctx, async (ctx) => {
    const { graceSeconds } = input;
    const violations = [...graceViolations(graceSeconds), ...secretViolations(input.secret)];
    if (violations.length > 0) throw new Refusal(violations);
    const { id: webhookId } = await lockWebhook(ctx, id);
    const secret = chosenSecret(input.secret);
    await ctx.db.query(
      `UPDATE webhooks SET sealed_secret = $2, updated_at = now(),
         sealed_former_secret = CASE WHEN $3 > 0 THEN sealed_secret END,
         overlaps_until = CASE WHEN $3 > 0 THEN now() + make_interval(secs => $3) END
       WHERE id = $1`,
      [webhookId, ctx.ports.sealer.seal(secret), graceSeconds],
    );
    const webhook = await ctx.db.findOneByOrFail(Webhook, { id: webhookId });
    const metadata = { ...told(webhook), graceSeconds };
    await record(ctx, { action: 'webhook.rotated', subjectId: null, metadata });
    return { webhook, secret };
  });
}

/**
 * Deletes a webhook, what waits for it and its log of deliveries. Refuses with `NOT_FOUND` on
 * `id`, and with `INSUFFICIENT_PERMISSIONS`.
 */
export function deleteWebhook(ctx: Ctx, id: string): Promise<Webhook> {
  return asOwner(ctx, async (ctx) => {
    const webhook = await lockWebhook(ctx, id);
    await ctx.db.delete(Webhook, { id: webhook.id });
    await record(ctx, { action: 'webhook.deleted', subjectId: null, metadata: told(webhook) });
    return webhook;
  });
}

/** The webhook, unchanged until the transaction ends. Refuses with `NOT_FOUND` on `field`. */
export async function lockWebhook(tx: Tx, text: string, field = 'id'): Promise<Webhook> {
  const id = parseId<WebhookId>(text);
  const lock = { mode: 'for_no_key_update' } as const;
  const webhook = id && (await tx.db.findOne(Webhook, { where: { id }, lock }));
  return webhook ?? refuse(ErrorCode.NOT_FOUND, field, 'There is no such webhook.');
}

/** What the audit log says about a webhook: not its whole URL, whose path is often a secret. */
export const told = ({ id, url }: Pick<Webhook, 'id' | 'url'>) => ({
  webhookId: id,
  origin: new URL(url).origin,
});

import type { WebhookId } from '../../identifiers.ts';

/** How many deliveries a process has under way at once, of all webhooks. */
export const deliveriesAtOnce = 12;

// So many of one webhook, that three which are busy leave no other without a place.
const placesOfOne = 4;
// Of one that takes its time: eleven that let every request run into its end leave a place.
const placesOfSlow = 1;
const slowMilliseconds = 2_000;

/** Which webhooks may be posted to, in one process. */
export interface DeliveryPlaces {
  /** Webhooks that have as many deliveries under way as they may. */
  full(): WebhookId[];
  /** Takes a place; false when the webhook has none left. */
  take(webhookId: WebhookId): boolean;
  /** Gives one back, and tells how long the receiver took if it was asked. */
  leave(webhookId: WebhookId, milliseconds?: number): void;
}

/**
 * Sees to it that a receiver which is slow or dead holds up nobody but itself: it has a few places
 * among many, and a single one from its first slow answer until it is quick again.
 */
export function createDeliveryPlaces(): DeliveryPlaces {
  const taken = new Map<WebhookId, number>();
  const slow = new Set<WebhookId>();
  const isFull = (webhookId: WebhookId) =>
    (taken.get(webhookId) ?? 0) >= (slow.has(webhookId) ? placesOfSlow : placesOfOne);
  return {
    full: () => [...taken.keys()].filter(isFull),
    take(webhookId) {
      if (isFull(webhookId)) return false;
      taken.set(webhookId, (taken.get(webhookId) ?? 0) + 1);
      return true;
    },
    leave(webhookId, milliseconds) {
      const left = (taken.get(webhookId) ?? 0) - 1;
      if (left > 0) taken.set(webhookId, left);
      else taken.delete(webhookId);
      if (milliseconds === undefined) return;
      if (milliseconds > slowMilliseconds) slow.add(webhookId);
      else slow.delete(webhookId);
    },
  };
}

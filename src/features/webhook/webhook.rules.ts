import { blank, invalid, type UserError } from '../../errors.ts';
import type { WebhookSender } from '../../posting.ts';
import { lineViolations } from '../../text.ts';
import { parseWebhookSecret } from './webhook.token.ts';
import type { WebhookEventType } from '../webhook-event/webhook-event.rules.ts';

const maxUrlLength = 2000;

/** What is wrong with a URL by itself, and what speaks against ever posting to it. */
export function urlViolations(
  url: string | null,
  sender: Pick<WebhookSender, 'objectionTo'>,
): UserError[] {
  if (url === null) return [blank('url')];
  const violations = lineViolations(url, 'url', maxUrlLength);
  if (violations.length > 0) return violations;
  const objection = sender.objectionTo(url);
  return objection === undefined ? [] : [invalid('url', objection)];
}

export function eventViolations(events: readonly WebhookEventType[]): UserError[] {
  if (events.length === 0) return [blank('events')];
  if (new Set(events).size === events.length) return [];
  return [invalid('events', 'must name each event once')];
}

export function secretViolations(secret: string | null | undefined): UserError[] {
  if (secret === null || secret === undefined || parseWebhookSecret(secret)) return [];
  return [invalid('secret', 'must be whsec_ and 24 to 64 bytes in base64')];
}

/** How long a receiver has to learn a new secret at most. */
const maxGraceSeconds = 7 * 24 * 60 * 60;

export function graceViolations(graceSeconds: number): UserError[] {
  if (graceSeconds >= 0 && graceSeconds <= maxGraceSeconds) return [];
  return [invalid('graceSeconds', `must be from 0 to ${maxGraceSeconds}`)];
}

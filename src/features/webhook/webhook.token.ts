import { randomBytes } from 'node:crypto';
import type { Branded } from '../../identifiers.ts';

/** What a receiver tells our requests by: `whsec_` and the base64 of the key for the signature. */
export type WebhookSecret = Branded<string, 'WebhookSecret'>;

const prefix = 'whsec_';

export function newWebhookSecret(): WebhookSecret {
  return `${prefix}${randomBytes(32).toString('base64')}` as WebhookSecret;
}

/** A text as a secret; undefined when it is none, or of other than 24 to 64 bytes. */
export function parseWebhookSecret(text: string): WebhookSecret | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const key = keyOf(text as WebhookSecret);
  // Node decodes whatever it is given; only what it would write itself is base64.
  const isBase64 = `${prefix}${key.toString('base64')}` === text;
  // Standard Webhooks: "between 24 bytes (192 bits) and 64 bytes (512 bits)".
  return isBase64 && key.length >= 24 && key.length <= 64 ? (text as WebhookSecret) : undefined;
}

export function keyOf(secret: WebhookSecret): Buffer {
  return Buffer.from(secret.slice(prefix.length), 'base64');
}

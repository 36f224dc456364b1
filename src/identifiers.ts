import { v7 } from 'uuid';

/** Marks a plain string as one kind of value, so that a token is never passed for its hash. */
declare const kind: unique symbol;
export type Branded<Base, Kind extends string> = Base & { readonly [kind]: Kind };

export type UserId = Branded<string, 'UserId'>;
export type RoleId = Branded<string, 'RoleId'>;
export type ApiKeyId = Branded<string, 'ApiKeyId'>;
export type ImageId = Branded<string, 'ImageId'>;
export type MailId = Branded<string, 'MailId'>;
export type OneTimeTokenId = Branded<string, 'OneTimeTokenId'>;
export type SessionId = Branded<string, 'SessionId'>;
export type WebhookId = Branded<string, 'WebhookId'>;
export type WebhookDeliveryId = Branded<string, 'WebhookDeliveryId'>;
export type SigningKeyId = Branded<string, 'SigningKeyId'>;

/** A UUID v7 (RFC 9562): ids grow with time, so new rows land at the end of every index. */
export function newId<Id extends string>(): Id {
  return v7() as Id;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A client's text as an id, or undefined: what is no UUID names nothing and is never a fault. */
export function parseId<Id extends string>(text: string): Id | undefined {
  return uuid.test(text) ? (text.toLowerCase() as Id) : undefined;
}

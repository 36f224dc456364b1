/** What webhooks can be told of users, under the names that clients use. */
export const webhookEventNames = {
  USER_CREATED: 'user.created',
  USER_UPDATED: 'user.updated',
  USER_CONFIRMED: 'user.confirmed',
  USER_ACTIVATED: 'user.activated',
  USER_DEACTIVATED: 'user.deactivated',
  USER_DELETED: 'user.deleted',
  USER_SIGNED_IN: 'user.signed_in',
  USER_ROLE_CHANGED: 'user.role_changed',
  USER_PASSWORD_CHANGED: 'user.password_changed',
} as const;

export type WebhookEventType = (typeof webhookEventNames)[keyof typeof webhookEventNames];

const toldByCreation: readonly WebhookEventType[] = [
  'user.updated',
  'user.confirmed',
  'user.role_changed',
  'user.password_changed',
];

/**
 * Of what happened to a user in one transaction, what is told: a new account is told once, with its
 * roles, and the session that goes on with a new password is no sign-in.
 */
export function worthTelling(types: ReadonlySet<WebhookEventType>): WebhookEventType[] {
  return [...types].filter((type) => {
    if (types.has('user.created')) return !toldByCreation.includes(type);
    return type !== 'user.signed_in' || !types.has('user.password_changed');
  });
}

/** The name under which a delivery waits in the queue of jobs. */
export const deliveryJobKey = (deliveryId: string) => `webhook-delivery:${deliveryId}`;

/** What marks the deliveries of a webhook there, so that workers can pass over all of them. */
export const deliveryJobFlag = (webhookId: string) => `webhook:${webhookId}`;

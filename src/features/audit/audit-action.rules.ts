import type { WebhookEventType } from '../webhook-event/webhook-event.rules.ts';

/** Everything the audit log can say that was done. */
export type AuditAction =
  | 'user.registered'
  | 'user.created'
  | 'user.activated'
  | 'user.deactivated'
  | 'user.deleted'
  | 'email.confirmation_requested'
  | 'email.confirmed'
  | 'email.unconfirmed'
  | 'email.change_requested'
  | 'email.changed'
  | 'password.reset_requested'
  | 'password.reset'
  | 'password.changed'
  | 'password.set'
  | 'profile.updated'
  | 'avatar.updated'
  | 'avatar.removed'
  | 'credentials.verified'
  | 'token.revoked'
  | 'mail.retried'
  | 'session.fingerprint_mismatch'
  | 'session.opened'
  | 'session.refused'
  | 'session.ended'
  | 'sessions.ended'
  | 'role.created'
  | 'role.updated'
  | 'role.deleted'
  | 'role.assigned'
  | 'role.removed'
  | 'role.backfilled'
  | 'ownership.transferred'
  | 'ownership.recovered'
  | 'api_key.created'
  | 'api_key.rotated'
  | 'api_key.revoked'
  | 'signing_key.created'
  | 'webhook.created'
  | 'webhook.updated'
  | 'webhook.rotated'
  | 'webhook.deleted'
  | 'webhook.disabled'
  | 'webhook.tested'
  | 'webhook.redelivered'
  | 'user.imported'
  | 'users.exported'
  | 'fields.updated'
  | 'custom_field.defined'
  | 'custom_field.changed'
  | 'custom_field.removed'
  | 'custom_fields.reordered';

/**
 * What webhooks are told of by an entry about a user. What makes or changes many users in one
 * statement, an import and giving roles to everybody, notes it where it does so.
 */
export const eventOf: Readonly<Partial<Record<AuditAction, WebhookEventType>>> = {
  'user.registered': 'user.created',
  'user.created': 'user.created',
  'user.activated': 'user.activated',
  'user.deactivated': 'user.deactivated',
  'user.deleted': 'user.deleted',
  'email.confirmed': 'user.confirmed',
  'email.unconfirmed': 'user.updated',
  'email.changed': 'user.updated',
  'password.reset': 'user.password_changed',
  'password.changed': 'user.password_changed',
  'password.set': 'user.password_changed',
  'profile.updated': 'user.updated',
  'fields.updated': 'user.updated',
  'avatar.updated': 'user.updated',
  'avatar.removed': 'user.updated',
  'credentials.verified': 'user.signed_in',
  'session.opened': 'user.signed_in',
  'role.assigned': 'user.role_changed',
  'role.removed': 'user.role_changed',
  'ownership.recovered': 'user.password_changed',
};

import type { Agreement } from './agreement.ts';

const access = '@auth(requires: OWNER)';

/** Who else is told of what happens to users. */
export const webhook: Agreement = {
  Query: {
    webhooks: { access, type: '[Webhook!]!' },
    webhookDeliveries: {
      access,
      args: ['webhookId: ID!', 'page: Int = 1', 'pageSize: Int = 10'],
      type: 'WebhookDeliveryPage!',
    },
  },
  Mutation: {
    createWebhook: {
      access,
      args: ['url: String!', 'events: [WebhookEvent!]!', 'secret: String'],
      type: 'WebhookPayload!',
    },
    updateWebhook: {
      access,
      args: ['id: ID!', 'url: String', 'events: [WebhookEvent!]', 'enabled: Boolean'],
      type: 'WebhookPayload!',
    },
    rotateWebhookSecret: {
      access,
      args: ['id: ID!', 'graceSeconds: Int = 86400', 'secret: String'],
      type: 'WebhookPayload!',
    },
    deleteWebhook: { access, args: ['id: ID!'], type: 'WebhookPayload!' },
    testWebhook: { access, args: ['id: ID!'], type: 'WebhookDeliveryPayload!' },
    redeliverWebhook: { access, args: ['deliveryId: ID!'], type: 'WebhookDeliveryPayload!' },
  },
  types: {
    Webhook: [
      'id: ID!',
      'url: String!',
      'events: [WebhookEvent!]!',
      'enabled: Boolean!',
      'disabledReason: String',
      'overlapsUntil: DateTime',
      'createdBy: User',
      'createdAt: DateTime!',
      'updatedAt: DateTime!',
    ],
    WebhookPayload: ['webhook: Webhook', 'secret: String', 'errors: [UserError!]!'],
    WebhookDelivery: [
      'id: ID!',
      'eventId: ID!',
      'type: String!',
      'userId: ID',
      'data: JSONObject!',
      'state: WebhookDeliveryState!',
      'attempts: Int!',
      'statusCode: Int',
      'durationMs: Int',
      'error: String',
      'createdAt: DateTime!',
      'lastTriedAt: DateTime',
      'nextTryAt: DateTime',
      'finishedAt: DateTime',
    ],
    WebhookDeliveryPage: [
      'nodes: [WebhookDelivery!]!',
      'totalCount: Int!',
      'totalPages: Int!',
      'page: Int!',
      'pageSize: Int!',
    ],
    WebhookDeliveryPayload: ['delivery: WebhookDelivery', 'errors: [UserError!]!'],
  },
  enums: {
    WebhookEvent: [
      'USER_CREATED',
      'USER_UPDATED',
      'USER_CONFIRMED',
      'USER_ACTIVATED',
      'USER_DEACTIVATED',
      'USER_DELETED',
      'USER_SIGNED_IN',
      'USER_ROLE_CHANGED',
      'USER_PASSWORD_CHANGED',
    ],
    WebhookDeliveryState: ['PENDING', 'DELIVERED', 'FAILED'],
  },
};

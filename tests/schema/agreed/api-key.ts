import type { Agreement } from './agreement.ts';

/** What servers show to be let in. */
export const apiKey: Agreement = {
  Query: {
    apiKeys: { access: '@auth(requires: OWNER)', type: '[ApiKey!]!' },
  },
  Mutation: {
    createApiKey: {
      access: '@auth(requires: OWNER)',
      args: ['name: String!', 'scopes: [Scope!]!', 'expiresAt: DateTime', 'addresses: [String!]'],
      type: 'ApiKeyPayload!',
    },
    rotateApiKey: {
      access: '@auth(requires: OWNER)',
      args: ['id: ID!', 'graceSeconds: Int = 3600'],
      type: 'ApiKeyPayload!',
    },
    revokeApiKey: {
      access: '@auth(requires: OWNER)',
      args: ['id: ID!'],
      type: 'ApiKeyPayload!',
    },
  },
  types: {
    ApiKey: [
      'id: ID!',
      'name: String!',
      'prefix: String!',
      'scopes: [Scope!]!',
      'addresses: [String!]',
      'createdBy: User',
      'createdAt: DateTime!',
      'expiresAt: DateTime',
      'lastUsedAt: DateTime',
      'revokedAt: DateTime',
    ],
    ApiKeyPayload: ['apiKey: ApiKey', 'secret: String', 'errors: [UserError!]!'],
  },
  enums: {
    Scope: [
      'USERS_READ',
      'USERS_WRITE',
      'ROLES_WRITE',
      'SESSIONS_WRITE',
      'TOKENS_READ',
      'CREDENTIALS_VERIFY',
      'AUDIT_READ',
    ],
  },
};

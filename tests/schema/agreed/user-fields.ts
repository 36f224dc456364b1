import type { Agreement } from './agreement.ts';

/** What users have in their fields, all of them by name and custom fields by key. */
export const userFields: Agreement = {
  Mutation: {
    updateUserFields: {
      access: '@auth(requires: ADMIN, scope: USERS_WRITE)',
      args: ['userId: ID!', 'fields: JSONObject!'],
      type: 'UserPayload!',
    },
    bulkUpdateUserFields: {
      access: '@auth(requires: ADMIN, scope: USERS_WRITE)',
      args: ['userIds: [ID!]!', 'fields: JSONObject!', 'dryRun: Boolean = false'],
      type: 'BulkUpdatePayload!',
    },
    setUserCustomField: {
      access: '@auth(requires: ADMIN, scope: USERS_WRITE)',
      args: ['userId: ID!', 'key: String!', 'value: JSON'],
      type: 'UserPayload!',
    },
    setMyCustomField: {
      access: '@auth(requires: USER)',
      args: ['key: String!', 'value: JSON'],
      type: 'UserPayload!',
    },
    deleteUserCustomField: {
      access: '@auth(requires: ADMIN, scope: USERS_WRITE)',
      args: ['userId: ID!', 'key: String!'],
      type: 'UserPayload!',
    },
    updateUserCustomFields: {
      access: '@auth(requires: ADMIN, scope: USERS_WRITE)',
      args: ['userId: ID!', 'customFields: JSONObject!'],
      type: 'UserPayload!',
    },
  },
  types: {
    User: ['customFields: JSONObject!', 'customField: JSON', 'field: JSON'],
    BulkUpdateResult: ['userId: ID!', 'user: User', 'errors: [UserError!]!'],
    BulkUpdatePayload: [
      'results: [BulkUpdateResult!]',
      'updatedCount: Int',
      'failedCount: Int',
      'errors: [UserError!]!',
    ],
  },
};

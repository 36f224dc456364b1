import type { Agreement } from './agreement.ts';

/** Users, one by one. */
export const user: Agreement = {
  Query: {
    user: {
      access: '@auth(requires: USER, scope: USERS_READ)',
      args: ['id: ID!'],
      type: 'User',
    },
  },
  Mutation: {
    updateUserStatus: {
      access: '@auth(requires: ADMIN, scope: USERS_WRITE)',
      args: ['userId: ID!', 'isActive: Boolean!'],
      type: 'UserPayload!',
    },
    deleteUser: {
      access: '@auth(requires: ADMIN, scope: USERS_WRITE)',
      args: ['userId: ID!'],
      type: 'EmptyPayload!',
    },
  },
  types: {
    User: [
      'id: ID!',
      'email: String',
      'username: String',
      'firstName: String',
      'lastName: String',
      'displayName: String!',
      'isActive: Boolean',
      'confirmedAt: DateTime',
      'timezone: String',
      'preferredLocale: String',
      'roles: [Role!]!',
      'roleNames: [String!]!',
      'hasRole: Boolean!',
      'registration: Registration',
      'lastSignInAt: DateTime',
      'createdAt: DateTime!',
      'updatedAt: DateTime!',
    ],
    Registration: ['ipAddress: String'],
    UserPayload: ['user: User', 'errors: [UserError!]!'],
  },
};

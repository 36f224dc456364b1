import type { Agreement } from './agreement.ts';

/** Users, one by one and in lists. */
export const user: Agreement = {
  Query: {
    user: {
      access: '@auth(requires: USER, scope: USERS_READ)',
      args: ['id: ID!'],
      type: 'User',
    },
    users: {
      access: '@auth(requires: ADMIN, scope: USERS_READ)',
      args: [
        'page: Int = 1',
        'pageSize: Int = 10',
        'role: String',
        'search: String',
        'isActive: Boolean',
        'confirmed: Boolean',
        'sort: UserSort',
      ],
      type: 'UserPage!',
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
    UserPage: [
      'nodes: [User!]!',
      'totalCount: Int!',
      'totalPages: Int!',
      'page: Int!',
      'pageSize: Int!',
    ],
    UserPayload: ['user: User', 'errors: [UserError!]!'],
  },
};

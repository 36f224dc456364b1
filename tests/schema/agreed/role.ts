import type { Agreement } from './agreement.ts';

/** Roles and who holds them. */
export const role: Agreement = {
  Query: {
    roles: {
      access: '@auth(requires: USER, scope: USERS_READ)',
      type: '[Role!]!',
    },
  },
  Mutation: {
    assignRole: {
      access: '@auth(requires: ADMIN, scope: ROLES_WRITE)',
      args: ['userId: ID!', 'role: String!'],
      type: 'RoleAssignmentPayload!',
    },
    removeRole: {
      access: '@auth(requires: ADMIN, scope: ROLES_WRITE)',
      args: ['userId: ID!', 'role: String!'],
      type: 'UserPayload!',
    },
    promoteToAdmin: {
      access: '@auth(requires: OWNER, scope: ROLES_WRITE)',
      args: ['userId: ID!'],
      type: 'RoleAssignmentPayload!',
    },
    demoteToUser: {
      access: '@auth(requires: OWNER, scope: ROLES_WRITE)',
      args: ['userId: ID!'],
      type: 'UserPayload!',
    },
    transferOwnership: {
      access: '@auth(requires: OWNER)',
      args: ['userId: ID!', 'currentPassword: String!', 'keepOwn: Boolean = false'],
      type: 'UserPayload!',
    },
  },
  types: {
    Role: ['id: ID!', 'name: String!', 'description: String', 'isSystem: Boolean!'],
    RoleAssignment: ['user: User', 'role: Role', 'assignedBy: User', 'assignedAt: DateTime!'],
    RoleAssignmentPayload: ['roleAssignment: RoleAssignment', 'errors: [UserError!]!'],
  },
  enums: {
    Rank: ['USER', 'ADMIN', 'OWNER'],
  },
};

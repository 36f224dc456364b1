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
    createRole: {
      access: '@auth(requires: ADMIN, scope: ROLES_WRITE)',
      args: ['name: String!', 'description: String'],
      type: 'RolePayload!',
    },
    updateRole: {
      access: '@auth(requires: ADMIN, scope: ROLES_WRITE)',
      args: ['id: ID!', 'name: String', 'description: String'],
      type: 'RolePayload!',
    },
    deleteRole: {
      access: '@auth(requires: ADMIN, scope: ROLES_WRITE)',
      args: ['id: ID!'],
      type: 'RolePayload!',
    },
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
    assignRolesToExistingUsers: {
      access: '@auth(requires: OWNER, scope: ROLES_WRITE)',
      args: ['makeFirstOwner: Boolean = true'],
      type: 'RoleBackfillPayload!',
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
    RolePayload: ['role: Role', 'errors: [UserError!]!'],
    RoleBackfillPayload: [
      'assignedOwner: Int',
      'assignedUsers: Int',
      'totalProcessed: Int',
      'errors: [UserError!]!',
    ],
    RoleAssignmentPayload: ['roleAssignment: RoleAssignment', 'errors: [UserError!]!'],
  },
  enums: {
    Rank: ['USER', 'ADMIN', 'OWNER'],
  },
};

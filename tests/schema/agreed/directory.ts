import type { Agreement } from './agreement.ts';

const administrators = '@auth(requires: ADMIN, scope: USERS_READ)';
const page = ['page: Int = 1', 'pageSize: Int = 10'];
const filters = [
  'role: String',
  'search: String',
  'isActive: Boolean',
  'confirmed: Boolean',
  'customFields: JSONObject',
  'sort: UserSort',
];

/** Users in lists, by what is known of them, and in numbers. */
export const directory: Agreement = {
  Query: {
    users: { access: administrators, args: [...page, ...filters], type: 'UserPage!' },
    usersConnection: {
      access: administrators,
      args: ['first: Int', 'after: String', 'last: Int', 'before: String', ...filters],
      type: 'UserConnection!',
    },
    usersWithRole: { access: administrators, args: ['role: String!', ...page], type: 'UserPage!' },
    searchUsers: { access: administrators, args: ['term: String!'], type: '[UserOption!]!' },
    userOption: { access: administrators, args: ['id: ID!'], type: 'UserOption' },
    userByEmail: { access: administrators, args: ['email: String!'], type: 'User' },
    firstAdmin: { access: administrators, type: 'User' },
    firstUser: { access: administrators, type: 'User' },
    roleStats: { access: administrators, type: 'RoleStats!' },
  },
  types: {
    UserOption: [
      'id: ID!',
      'email: String!',
      'username: String',
      'firstName: String',
      'lastName: String',
    ],
    Role: ['userCount: Int', 'users: UserPage!'],
    RoleStats: [
      'totalUsers: Int!',
      'ownerCount: Int!',
      'adminCount: Int!',
      'userCount: Int!',
      'activeCount: Int!',
      'inactiveCount: Int!',
      'confirmedCount: Int!',
      'pendingCount: Int!',
      'byRole: [RoleCount!]!',
    ],
    RoleCount: ['role: Role!', 'count: Int!'],
    UserPage: [
      'nodes: [User!]!',
      'totalCount: Int!',
      'totalPages: Int!',
      'page: Int!',
      'pageSize: Int!',
    ],
    UserConnection: ['edges: [UserEdge!]!', 'pageInfo: PageInfo!', 'totalCount: Int!'],
    UserEdge: ['cursor: String!', 'node: User!'],
    PageInfo: [
      'hasNextPage: Boolean!',
      'hasPreviousPage: Boolean!',
      'startCursor: String',
      'endCursor: String',
    ],
  },
};

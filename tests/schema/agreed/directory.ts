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

/** Users in lists. */
export const directory: Agreement = {
  Query: {
    users: { access: administrators, args: [...page, ...filters], type: 'UserPage!' },
    usersConnection: {
      access: administrators,
      args: ['first: Int', 'after: String', 'last: Int', 'before: String', ...filters],
      type: 'UserConnection!',
    },
  },
  types: {
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

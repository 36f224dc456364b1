import type { Agreement } from './agreement.ts';

/** Making an account. */
export const registration: Agreement = {
  Query: {
    validateRegistration: {
      access: '@public',
      args: ['input: RegisterInput!'],
      type: 'Validation!',
    },
  },
  Mutation: {
    createUser: {
      access: '@auth(requires: ADMIN, scope: USERS_WRITE)',
      args: ['input: CreateUserInput!', 'ipAddress: String'],
      type: 'UserPayload!',
    },
    register: {
      access: '@public',
      args: ['input: RegisterInput!'],
      type: 'RegisterPayload!',
    },
  },
  types: {
    CreateUserInput: [
      'email: String!',
      'password: String',
      'username: String',
      'firstName: String',
      'lastName: String',
      'timezone: String',
      'locale: String',
      'confirmed: Boolean = false',
      'roles: [String!]',
      'sendConfirmation: Boolean = true',
      'customFields: JSONObject',
    ],
    RegisterInput: [
      'email: String!',
      'password: String!',
      'passwordConfirmation: String',
      'username: String',
      'firstName: String',
      'lastName: String',
      'signIn: Boolean = false',
    ],
    RegisterPayload: [
      'user: User',
      'token: String',
      'expiresAt: DateTime',
      'errors: [UserError!]!',
    ],
  },
};

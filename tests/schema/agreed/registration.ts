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
    register: {
      access: '@public',
      args: ['input: RegisterInput!'],
      type: 'RegisterPayload!',
    },
  },
  types: {
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

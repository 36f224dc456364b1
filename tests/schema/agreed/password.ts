import type { Agreement } from './agreement.ts';

/** Resetting and changing passwords. */
export const password: Agreement = {
  Query: {
    passwordReset: {
      access: '@public',
      args: ['token: String!'],
      type: 'PasswordReset',
    },
    validatePassword: {
      access: '@auth(requires: USER)',
      args: ['input: ChangePasswordInput!'],
      type: 'Validation!',
    },
  },
  Mutation: {
    adminSetPassword: {
      access: '@auth(requires: ADMIN)',
      args: ['userId: ID!', 'password: String!', 'passwordConfirmation: String'],
      type: 'UserPayload!',
    },
    requestPasswordReset: {
      access: '@public',
      args: ['email: String!'],
      type: 'EmptyPayload!',
    },
    resetPassword: {
      access: '@public',
      args: ['token: String!', 'password: String!', 'passwordConfirmation: String'],
      type: 'UserPayload!',
    },
    changePassword: {
      access: '@auth(requires: USER)',
      args: ['input: ChangePasswordInput!'],
      type: 'LoginPayload!',
    },
  },
  types: {
    PasswordReset: ['maskedEmail: String!', 'expiresAt: DateTime!'],
    ChangePasswordInput: [
      'currentPassword: String!',
      'password: String!',
      'passwordConfirmation: String',
      'remember: Boolean = true',
    ],
  },
};

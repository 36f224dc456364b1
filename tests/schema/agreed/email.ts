import type { Agreement } from './agreement.ts';

/** Confirming and changing addresses. */
export const email: Agreement = {
  Query: {
    validateEmail: {
      access: '@auth(requires: USER)',
      args: ['email: String!'],
      type: 'Validation!',
    },
    validateEmailChange: {
      access: '@auth(requires: USER)',
      args: ['currentPassword: String!', 'email: String!'],
      type: 'Validation!',
    },
  },
  Mutation: {
    adminConfirmUser: {
      access: '@auth(requires: ADMIN)',
      args: ['userId: ID!'],
      type: 'UserPayload!',
    },
    adminUnconfirmUser: {
      access: '@auth(requires: ADMIN)',
      args: ['userId: ID!'],
      type: 'UserPayload!',
    },
    toggleUserConfirmation: {
      access: '@auth(requires: ADMIN)',
      args: ['userId: ID!'],
      type: 'UserPayload!',
    },
    requestEmailConfirmation: {
      access: '@public',
      args: ['email: String!'],
      type: 'EmptyPayload!',
    },
    confirmEmail: {
      access: '@public',
      args: ['token: String!'],
      type: 'UserPayload!',
    },
    requestEmailChange: {
      access: '@auth(requires: USER)',
      args: ['currentPassword: String!', 'email: String!'],
      type: 'EmptyPayload!',
    },
    confirmEmailChange: {
      access: '@public',
      args: ['token: String!'],
      type: 'UserPayload!',
    },
  },
};

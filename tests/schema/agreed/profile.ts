import type { Agreement } from './agreement.ts';

/** What users say about themselves. */
export const profile: Agreement = {
  Query: {
    validateProfile: {
      access: '@auth(requires: USER)',
      args: ['input: ProfileInput!'],
      type: 'Validation!',
    },
  },
  Mutation: {
    updateUserProfile: {
      access: '@auth(requires: ADMIN, scope: USERS_WRITE)',
      args: ['userId: ID!', 'input: ProfileInput!'],
      type: 'UserPayload!',
    },
    updateProfile: {
      access: '@auth(requires: USER)',
      args: ['input: ProfileInput!'],
      type: 'UserPayload!',
    },
    updateLocalePreference: {
      access: '@auth(requires: USER)',
      args: ['locale: String'],
      type: 'UserPayload!',
    },
  },
  types: {
    ProfileInput: ['username: String', 'firstName: String', 'lastName: String', 'timezone: String'],
  },
};

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

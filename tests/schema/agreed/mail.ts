import type { Agreement } from './agreement.ts';

/** The mails Gatehouse sends. */
export const mail: Agreement = {
  Query: {
    mails: {
      access: '@auth(requires: ADMIN)',
      args: ['state: MailState', 'page: Int = 1', 'pageSize: Int = 10'],
      type: 'MailPage!',
    },
  },
  Mutation: {
    retryMail: {
      access: '@auth(requires: ADMIN)',
      args: ['id: ID!'],
      type: 'MailPayload!',
    },
  },
  types: {
    Mail: [
      'id: ID!',
      'kind: MailKind!',
      'recipient: String!',
      'state: MailState!',
      'attempts: Int!',
      'lastError: String',
      'createdAt: DateTime!',
      'finishedAt: DateTime',
      'user: User',
    ],
    MailPage: [
      'nodes: [Mail!]!',
      'totalCount: Int!',
      'totalPages: Int!',
      'page: Int!',
      'pageSize: Int!',
    ],
    MailPayload: ['mail: Mail', 'errors: [UserError!]!'],
  },
  enums: {
    MailState: ['QUEUED', 'SENT', 'FAILED'],
    MailKind: [
      'CONFIRM',
      'RESET_PASSWORD',
      'CHANGE_EMAIL',
      'PASSWORD_CHANGED',
      'EMAIL_CHANGED',
      'ACCOUNT_EXISTS',
      'NEW_DEVICE',
    ],
  },
};

import type { Agreement } from './agreement.ts';

/** Pictures of users. */
export const avatar: Agreement = {
  Mutation: {
    updateAvatar: {
      access: '@auth(requires: USER)',
      args: ['file: Upload!'],
      type: 'ImagePayload!',
    },
    updateUserAvatar: {
      access: '@auth(requires: ADMIN, scope: USERS_WRITE)',
      args: ['userId: ID!', 'file: Upload!'],
      type: 'ImagePayload!',
    },
    removeAvatar: { access: '@auth(requires: USER)', type: 'ImagePayload!' },
    removeUserAvatar: {
      access: '@auth(requires: ADMIN, scope: USERS_WRITE)',
      args: ['userId: ID!'],
      type: 'ImagePayload!',
    },
  },
  types: {
    User: ['avatar: Image'],
    Image: [
      'id: ID!',
      'sha256: String!',
      'mimeType: String!',
      'width: Int!',
      'height: Int!',
      'size: Int!',
      'status: ImageStatus!',
      'url: String!',
      'variants: [ImageFile!]!',
    ],
    ImageFile: [
      'variant: ImageVariant!',
      'url: String!',
      'width: Int!',
      'height: Int!',
      'size: Int!',
      'mimeType: String!',
    ],
    ImagePayload: ['image: Image', 'user: User', 'errors: [UserError!]!'],
  },
  enums: {
    ImageVariant: ['ORIGINAL', 'LARGE', 'MEDIUM', 'SMALL', 'THUMBNAIL'],
    ImageStatus: ['PROCESSING', 'READY', 'FAILED'],
  },
};

import { removeUserAvatar, updateUserAvatar } from '../../avatar/avatars.ts';
import { photo } from '../../avatar/pictures.ts';
import { asAdmin, asKey, asMightyKey, asOwner, type Case } from './ranks.ts';

const picture = photo(8, 8)
  .png()
  .toBuffer()
  .then((bytes) => new Blob([bytes]));

const rows = { admin: asAdmin, owner: asOwner, key: asKey, mightyKey: asMightyKey };

/** Whose pictures are changed by others. */
export const avatarCases: readonly Case[] = [
  {
    name: 'updateUserAvatar',
    mutation: 'updateUserAvatar',
    scope: 'USERS_WRITE',
    run: async (client, id) => updateUserAvatar(client, id, await picture),
    ...rows,
  },
  {
    name: 'removeUserAvatar',
    mutation: 'removeUserAvatar',
    scope: 'USERS_WRITE',
    run: removeUserAvatar,
    ...rows,
  },
];

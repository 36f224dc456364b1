import type { Client } from '../../support/client.ts';
import {
  adminSetPassword,
  changeConfirmation,
  deleteUser,
  revokeToken,
  revokeUserSessions,
  updateUserProfile,
  updateUserStatus,
  type ConfirmationOperation,
} from '../accounts.ts';
import {
  asAdmin,
  asKey,
  asMightyKey,
  asOwner,
  nobody,
  ok,
  outranked,
  type Case,
  type Row,
} from './ranks.ts';

/** Owners on everyone but themselves. */
const onOthers: Row = [outranked, ok, ok, ok, outranked, nobody, nobody];
const own = (row: Row): Row => [ok, row[1], row[2], row[3], row[4], row[5], row[6]];

const confirmations = (
  ['adminConfirmUser', 'adminUnconfirmUser', 'toggleUserConfirmation'] as const
).map((mutation: ConfirmationOperation): Case => ({
  name: mutation,
  mutation,
  run: (client: Client, id: string) => changeConfirmation(client, mutation, id),
  admin: asAdmin,
  owner: onOthers,
}));

const lastActive = 'CANNOT_DEACTIVATE_LAST_OWNER';
const lastOwner = 'CANNOT_REMOVE_LAST_OWNER';

/** What is done to one account. */
// prettier-ignore
export const accountCases: readonly Case[] = [
  ...confirmations,
  {
    name: 'updateUserProfile',
    mutation: 'updateUserProfile',
    scope: 'USERS_WRITE',
    run: (client, id) => updateUserProfile(client, id, { firstName: 'Changed' }),
    admin: asAdmin, owner: asOwner, key: asKey, mightyKey: asMightyKey,
  },
  {
    name: 'updateUserStatus to inactive',
    mutation: 'updateUserStatus',
    scope: 'USERS_WRITE',
    run: (client, id) => updateUserStatus(client, id, false),
    //          self       user admin owner last owner  missing malformed
    admin: asAdmin,
    owner:     [outranked, ok,  ok,   ok,   lastActive, nobody, nobody],
    key: asKey,
    mightyKey: [nobody,    ok,  ok,   ok,   lastActive, nobody, nobody],
  },
  {
    name: 'updateUserStatus to active',
    mutation: 'updateUserStatus',
    scope: 'USERS_WRITE',
    run: (client, id) => updateUserStatus(client, id, true),
    admin: asAdmin, owner: onOthers, key: asKey, mightyKey: asMightyKey,
  },
  {
    name: 'adminSetPassword',
    mutation: 'adminSetPassword',
    run: (client, id) => adminSetPassword(client, id),
    admin: asAdmin, owner: onOthers,
  },
  {
    name: 'revokeUserSessions',
    mutation: 'revokeUserSessions',
    scope: 'SESSIONS_WRITE',
    run: revokeUserSessions,
    admin: own(asAdmin), owner: asOwner, key: asKey, mightyKey: asMightyKey,
  },
  {
    name: 'revokeToken', // of the token whose id is the user's
    mutation: 'revokeToken',
    run: revokeToken,
    admin: own(asAdmin), owner: asOwner,
  },
  {
    name: 'deleteUser',
    mutation: 'deleteUser',
    scope: 'USERS_WRITE',
    run: deleteUser,
    admin: asAdmin,
    owner:     [outranked, ok,  ok,   ok,   lastOwner,  nobody, nobody],
    key: asKey,
    mightyKey: [nobody,    ok,  ok,   ok,   lastOwner,  nobody, nobody],
  },
];

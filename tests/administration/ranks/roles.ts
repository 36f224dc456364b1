import {
  assignRole,
  demoteToUser,
  promoteToAdmin,
  removeRole,
  transferOwnership,
} from '../../role/role-operations.ts';
import {
  all,
  asAdmin,
  asMightyKey,
  asOwner,
  nobody,
  ok,
  outranked,
  type Case,
  type Row,
} from './ranks.ts';

const notHeld = 'ASSIGNMENT_NOT_FOUND';
const protectedRole = 'OWNER_ROLE_PROTECTED';
const unknownRole = 'ROLE_NOT_FOUND';
const lastOwner = 'CANNOT_REMOVE_LAST_OWNER';
const noRole = 'NO_ROLE_TO_DEMOTE';

const none: Row = [outranked, outranked, outranked, outranked, outranked, nobody, nobody];
const scope = 'ROLES_WRITE';

/** Who holds which role. A key with the scope for it ranks as an Owner. */
// prettier-ignore
export const roleCases: readonly Case[] = [
  {
    name: 'assignRole of an ordinary role', mutation: 'assignRole', scope,
    run: (client, id) => assignRole(client, id, 'Editor'),
    admin: asAdmin, owner: asOwner, key: asMightyKey,
  },
  {
    name: 'assignRole of User', mutation: 'assignRole', scope,
    run: (client, id) => assignRole(client, id, 'User'),
    admin: asAdmin, owner: asOwner, key: asMightyKey,
  },
  {
    name: 'assignRole of Admin', mutation: 'assignRole', scope,
    run: (client, id) => assignRole(client, id, 'Admin'),
    admin: none, owner: asOwner, key: asMightyKey,
  },
  {
    name: 'assignRole of Owner', mutation: 'assignRole', scope,
    run: (client, id) => assignRole(client, id, 'Owner'),
    admin: all(protectedRole), owner: all(protectedRole), key: all(protectedRole),
  },
  {
    name: 'assignRole of an unknown role', mutation: 'assignRole', scope,
    run: (client, id) => assignRole(client, id, 'Nothing'),
    admin: all(unknownRole), owner: all(unknownRole), key: all(unknownRole),
  },
  {
    name: 'removeRole of User', mutation: 'removeRole', scope,
    run: (client, id) => removeRole(client, id, 'User'),
    //      self       user     admin      owner      last owner missing malformed
    admin: asAdmin,
    owner: [notHeld,   ok,      ok,        notHeld,   notHeld,   nobody, nobody],
    key:   [nobody,    ok,      ok,        notHeld,   notHeld,   nobody, nobody],
  },
  {
    name: 'removeRole of a role nobody holds', mutation: 'removeRole', scope,
    run: (client, id) => removeRole(client, id, 'Editor'),
    admin: [outranked, notHeld, outranked, outranked, outranked, nobody, nobody],
    owner: [notHeld,   notHeld, notHeld,   notHeld,   notHeld,   nobody, nobody],
    key:   [nobody,    notHeld, notHeld,   notHeld,   notHeld,   nobody, nobody],
  },
  {
    name: 'removeRole of an unknown role', mutation: 'removeRole', scope,
    run: (client, id) => removeRole(client, id, 'Nothing'),
    admin: [outranked, notHeld, outranked, outranked, outranked, nobody, nobody],
    owner: [notHeld,   notHeld, notHeld,   notHeld,   notHeld,   nobody, nobody],
    key:   [nobody,    notHeld, notHeld,   notHeld,   notHeld,   nobody, nobody],
  },
  {
    name: 'removeRole of Admin', mutation: 'removeRole', scope,
    run: (client, id) => removeRole(client, id, 'Admin'),
    admin: none,
    owner: [notHeld,   notHeld, ok,        notHeld,   notHeld,   nobody, nobody],
    key:   [nobody,    notHeld, ok,        notHeld,   notHeld,   nobody, nobody],
  },
  {
    name: 'removeRole of Owner', mutation: 'removeRole', scope,
    run: (client, id) => removeRole(client, id, 'Owner'),
    admin: none,
    owner: [ok,        notHeld, notHeld,   ok,        lastOwner, nobody, nobody],
    key:   [nobody,    notHeld, notHeld,   ok,        lastOwner, nobody, nobody],
  },
  {
    name: 'promoteToAdmin', mutation: 'promoteToAdmin', scope,
    run: promoteToAdmin,
    owner: asOwner, key: asMightyKey,
  },
  {
    name: 'demoteToUser', mutation: 'demoteToUser', scope,
    run: demoteToUser,
    owner: [ok,        noRole,  ok,        ok,        lastOwner, nobody, nobody],
    key:   [nobody,    noRole,  ok,        ok,        lastOwner, nobody, nobody],
  },
  {
    name: 'transferOwnership', mutation: 'transferOwnership',
    run: (client, id) => transferOwnership(client, id),
    owner: ['INVALID', ok,      ok,        ok,        'INVALID', nobody, nobody],
  },
];

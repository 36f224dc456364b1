import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  addRole,
  allAssignments,
  assignRole,
  demoteToUser,
  ending,
  missingId,
  promoteToAdmin,
  removeRole,
  roleAudit,
  setRoles,
  transferOwnership,
} from './role-operations.ts';

// How each operation ends for each caller, by who it is about. The caller is one of several
// Owners or Admins, so that neither the last Owner nor oneself is the reason for what is seen.
const targets = ['self', 'user', 'admin', 'owner', 'missing', 'malformed'] as const;
type Target = (typeof targets)[number];

const ok = 'ok';
const signedOut = 'UNAUTHENTICATED';
const forbidden = 'FORBIDDEN';
const outranked = 'INSUFFICIENT_PERMISSIONS';
const nobody = 'NOT_FOUND';
const notHeld = 'ASSIGNMENT_NOT_FOUND';
const protectedRole = 'OWNER_ROLE_PROTECTED';
const unknownRole = 'ROLE_NOT_FOUND';

type Row = readonly [string, string, string, string, string, string];
const all = (code: string): Row => [code, code, code, code, code, code];
const forOwners = { 'signed out': all(signedOut), user: all(forbidden), admin: all(forbidden) };
const forAdmins = { 'signed out': all(signedOut), user: all(forbidden) };

interface Case {
  readonly name: string;
  readonly run: (client: Client, id: string) => ReturnType<typeof assignRole>;
  readonly endings: Readonly<Record<'signed out' | 'user' | 'admin' | 'owner', Row>>;
}

const onlyUsers: Row = [outranked, ok, outranked, outranked, nobody, nobody];
const noneOfThem: Row = [outranked, outranked, outranked, outranked, nobody, nobody];

// prettier-ignore
const cases: readonly Case[] = [
  {
    name: 'assignRole of an ordinary role',
    run: (client, id) => assignRole(client, id, 'Editor'),
    //                      self     user     admin    owner    missing malformed
    endings: { ...forAdmins, admin: onlyUsers,
               owner:      [ok,      ok,      ok,      ok,      nobody, nobody] },
  },
  {
    name: 'assignRole of User',
    run: (client, id) => assignRole(client, id, 'User'),
    endings: { ...forAdmins, admin: onlyUsers,
               owner:      [ok,      ok,      ok,      ok,      nobody, nobody] },
  },
  {
    name: 'assignRole of Admin',
    run: (client, id) => assignRole(client, id, 'Admin'),
    endings: { ...forAdmins, admin: noneOfThem,
               owner:      [ok,      ok,      ok,      ok,      nobody, nobody] },
  },
  {
    name: 'assignRole of Owner',
    run: (client, id) => assignRole(client, id, 'Owner'),
    endings: { ...forAdmins, admin: all(protectedRole), owner: all(protectedRole) },
  },
  {
    name: 'assignRole of an unknown role',
    run: (client, id) => assignRole(client, id, 'Nothing'),
    endings: { ...forAdmins, admin: all(unknownRole), owner: all(unknownRole) },
  },
  {
    name: 'removeRole of User',
    run: (client, id) => removeRole(client, id, 'User'),
    endings: { ...forAdmins, admin: onlyUsers,
               owner:      [notHeld, ok,      ok,      notHeld, nobody, nobody] },
  },
  {
    name: 'removeRole of a role nobody holds',
    run: (client, id) => removeRole(client, id, 'Editor'),
    endings: { ...forAdmins,
               admin:      [outranked, notHeld, outranked, outranked, nobody, nobody],
               owner:      [notHeld, notHeld, notHeld, notHeld, nobody, nobody] },
  },
  {
    name: 'removeRole of an unknown role',
    run: (client, id) => removeRole(client, id, 'Nothing'),
    endings: { ...forAdmins,
               admin:      [outranked, notHeld, outranked, outranked, nobody, nobody],
               owner:      [notHeld, notHeld, notHeld, notHeld, nobody, nobody] },
  },
  {
    name: 'removeRole of Admin',
    run: (client, id) => removeRole(client, id, 'Admin'),
    endings: { ...forAdmins, admin: noneOfThem,
               owner:      [notHeld, notHeld, ok,      notHeld, nobody, nobody] },
  },
  {
    name: 'removeRole of Owner',
    run: (client, id) => removeRole(client, id, 'Owner'),
    endings: { ...forAdmins, admin: noneOfThem,
               owner:      [ok,      notHeld, notHeld, ok,      nobody, nobody] },
  },
  {
    name: 'promoteToAdmin',
    run: promoteToAdmin,
    endings: { ...forOwners,
               owner:      [ok,      ok,      ok,      ok,      nobody, nobody] },
  },
  {
    name: 'demoteToUser',
    run: demoteToUser,
    endings: { ...forOwners,
               owner:      [ok, 'NO_ROLE_TO_DEMOTE', ok, ok,    nobody, nobody] },
  },
  {
    name: 'transferOwnership',
    run: (client, id) => transferOwnership(client, id),
    endings: { ...forOwners,
               owner:      ['INVALID', ok,    ok,      ok,      nobody, nobody] },
  },
];

const callers = ['signed out', 'user', 'admin', 'owner'] as const;
const cells = cases.flatMap(({ name, run, endings }) =>
  callers.flatMap((caller) =>
    targets.map((target, index) => ({
      name,
      run,
      caller,
      target,
      expected: endings[caller][index],
    })),
  ),
);

let server: TestServer;
const people = new Map<string, Person>();

beforeAll(async () => {
  server = await startTestServer();
  await addRole(server.database, 'Editor');
  const names = ['owner', 'other owner', 'admin', 'other admin', 'user', 'other user'];
  for (const name of names) people.set(name, await registerPerson(server));
});
afterAll(() => server.stop());

beforeEach(async () => {
  const held = { owner: ['Owner'], admin: ['Admin', 'User'], user: ['User'] };
  const roles = Object.entries(held).flatMap(([rank, names]) => [
    [person(rank).id, names],
    [person(`other ${rank}`).id, names],
  ]);
  await setRoles(server.database, Object.fromEntries(roles) as Record<string, string[]>);
  await server.database.query('DELETE FROM audit_events');
});

function person(name: string): Person {
  const found = people.get(name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}

function targetId(caller: string, target: Target): string {
  if (target === 'missing') return missingId;
  if (target === 'malformed') return 'not-an-id';
  if (target === 'self') return caller === 'signed out' ? missingId : person(caller).id;
  return person(`other ${target}`).id;
}

describe('who may change whose roles', () => {
  test.each(cells)(
    '$name by $caller on $target ends in $expected',
    async ({ run, caller, target, expected }) => {
      const before = await allAssignments(server.database);
      const client = caller === 'signed out' ? server.client : person(caller).client;
      expect(ending(await run(client, targetId(caller, target)))).toBe(expected);
      if (expected === ok) return;
      expect(await allAssignments(server.database)).toEqual(before);
      expect(await roleAudit(server.database)).toEqual([]);
    },
  );
});

import { getDirective } from '@graphql-tools/utils';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { scopes } from '../../src/actor.ts';
import { createSchema } from '../../src/schema.ts';
import { makeKey, type TestKey } from '../api-key/keys.ts';
import { addRole, ending, missingId, setRoles } from '../role/role-operations.ts';
import { rootFieldsOf } from '../schema/root-fields.ts';
import type { Client } from '../support/client.ts';
import { registerPerson, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { accountCases } from './ranks/accounts.ts';
import { avatarCases } from './ranks/avatars.ts';
import { fieldCases } from './ranks/fields.ts';
import { all, ok, targets, type Case, type Row, type Target } from './ranks/ranks.ts';
import { roleCases } from './ranks/roles.ts';
import { takeSnapshot, type Snapshot } from './ranks/snapshot.ts';

// A table for each capability, in a file of its own.
const cases: readonly Case[] = [...accountCases, ...fieldCases, ...avatarCases, ...roleCases];

const forbidden = all('FORBIDDEN');

/** Every caller of an operation with the row that is expected. */
function callersOf(one: Case): readonly (readonly [caller: string, expected: Row])[] {
  const people = [
    ['signed out', all('UNAUTHENTICATED')],
    ['user', forbidden],
    ['unconfirmed', all('EMAIL_NOT_CONFIRMED')],
    ['admin', one.admin ?? forbidden],
    ['owner', one.owner],
  ] as const;
  if (one.key === undefined) return [...people, ['key with every scope', forbidden]];
  return [
    ...people,
    ['key without the scope', forbidden],
    ['key with the scope', one.key],
    ['key with every scope', one.mightyKey ?? one.key],
  ];
}

const rows = cases.flatMap((one) =>
  callersOf(one).map(([caller, expected]) => ({ ...one, caller, expected })),
);

let server: TestServer;
let snapshot: Snapshot;
let untouched: unknown;
const people = new Map<string, Person>();

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  await addRole(server.database, 'Editor');
  const names = ['owner', 'other owner', 'admin', 'other admin', 'user', 'other user'];
  for (const name of names) people.set(name, await registerPerson(server));
  people.set('unconfirmed', await registerUnconfirmed(server));
  const held = { owner: ['Owner'], admin: ['Admin', 'User'], user: ['User'] };
  for (const [rank, roles] of Object.entries(held)) {
    await setRoles(server.database, { [id(rank)]: roles, [id(`other ${rank}`)]: roles });
  }
  // Everyone has a token, which is found by the id of its holder.
  await server.database.query(`DELETE FROM one_time_tokens`);
  await server.database.query(
    `INSERT INTO one_time_tokens
       (id, user_id, context, token_hash, email, sent_to, created_at, expires_at)
     SELECT id, id, 'confirm', sha256(id::text::bytea), email, email, now(),
       now() + interval '1 day' FROM users`,
  );
  snapshot = await takeSnapshot(server.database);
  await snapshot.restore();
  untouched = await snapshot.digest();
});
beforeEach(() => snapshot.restore());
afterAll(() => server.stop());

function id(name: string): string {
  const found = people.get(name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found.id;
}

interface Caller {
  readonly client: Client;
  /** The caller's own id; a key is no user. */
  readonly self: string;
}

async function callerNamed(name: string, { scope }: Case): Promise<Caller> {
  const person = people.get(name);
  if (person !== undefined) return { client: person.client, self: person.id };
  if (name === 'signed out') return { client: server.client, self: missingId };
  const key = await keyNamed(name, scope);
  return { client: key.client, self: key.id };
}

function keyNamed(name: string, scope: Case['scope']): Promise<TestKey> {
  if (name === 'key with every scope') return makeKey(server, ...scopes);
  if (name === 'key without the scope') {
    return makeKey(server, ...scopes.filter((one) => one !== scope));
  }
  return makeKey(server, ...(scope === undefined ? [] : [scope]));
}

function targetId(self: string, target: Target): string {
  if (target === 'missing') return missingId;
  if (target === 'malformed') return 'not-an-id';
  if (target === 'self') return self;
  return target === 'last owner' ? id('owner') : id(`other ${target}`);
}

/** How a call ended, having seen that nothing was changed unless it went well. */
async function endingOf(one: Case, { client, self }: Caller, target: Target): Promise<string> {
  if (target === 'last owner') {
    await setRoles(server.database, { [id('other owner')]: ['User'] });
  }
  const before = await snapshot.digest();
  const ended = ending(await one.run(client, targetId(self, target)));
  if (ended !== ok) expect(await snapshot.digest()).toEqual(before);
  if (ended === ok || target === 'last owner') await snapshot.restore();
  return ended;
}

describe('who may do what to whom', () => {
  test.each(rows)('$name by $caller', async ({ caller, expected, ...one }) => {
    const calling = await callerNamed(caller, one);
    const endings: Record<string, string> = {};
    for (const target of targets) endings[target] = await endingOf(one, calling, target);
    const wanted = Object.fromEntries(targets.map((target, index) => [target, expected[index]]));
    expect(endings).toEqual(wanted);
    expect(await snapshot.digest()).toEqual(untouched);
  });
});

test('every mutation of administrators on one user is in a table', () => {
  const schema = createSchema();
  const onOneUser = rootFieldsOf(schema).filter(({ root, field }) => {
    const auth = getDirective(schema, field, 'auth')?.[0];
    const administrative = auth?.requires === 'ADMIN' || auth?.requires === 'OWNER';
    return (
      root === 'mutation' && administrative && field.args.some(({ name }) => name === 'userId')
    );
  });
  const listed = new Set(cases.map(({ mutation }) => mutation));
  expect(onOneUser.map(({ name }) => name).filter((name) => !listed.has(name))).toEqual([]);
});

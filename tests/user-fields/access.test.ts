import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeKey, type TestKey } from '../api-key/keys.ts';
import { missingId, setRoles } from '../role/role-operations.ts';
import type { Client } from '../support/client.ts';
import { registerPerson, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import {
  bulkUpdate,
  bulkMutation,
  deleteMutation,
  giveFields,
  replaceMutation,
  setMutation,
  storedFields,
  updateMutation,
} from './fields.ts';

const mutations = {
  updateUserFields: { document: updateMutation, variables: { fields: { phone: '5' } } },
  setUserCustomField: { document: setMutation, variables: { key: 'phone', value: '5' } },
  deleteUserCustomField: { document: deleteMutation, variables: { key: 'old' } },
  updateUserCustomFields: { document: replaceMutation, variables: { customFields: {} } },
} as const;
type Mutation = (typeof mutations)[keyof typeof mutations];

let server: TestServer;
const people = new Map<string, Person | (TestKey & Pick<Person, 'client'>)>();

beforeAll(async () => {
  server = await startTestServer();
  for (const name of ['owner', 'other owner', 'admin', 'other admin', 'user', 'other user']) {
    people.set(name, await registerPerson(server));
  }
  await setRoles(server.database, {
    [idOf('owner')]: ['Owner'],
    [idOf('other owner')]: ['Owner'],
    [idOf('admin')]: ['Admin'],
    [idOf('other admin')]: ['Admin'],
  });
  people.set('unconfirmed', await registerUnconfirmed(server));
  people.set('key', await makeKey(server, 'USERS_WRITE'));
  people.set('strong key', await makeKey(server, 'USERS_WRITE', 'ROLES_WRITE'));
  people.set('other key', await makeKey(server, 'USERS_READ', 'ROLES_WRITE'));
});
beforeEach(async () => {
  for (const name of targets.slice(0, 3)) await giveFields(server, idOf(name), { old: 1 });
});
afterAll(() => server.stop());

function idOf(name: string): string {
  if (name === 'missing') return missingId;
  if (name === 'malformed') return "'; DROP TABLE users";
  const found = people.get(name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found.id;
}

function clientOf(name: string): Client {
  return name === 'signed out' ? server.client : (people.get(name)?.client ?? server.client);
}

async function ending(client: Client, { document, variables }: Mutation, userId: string) {
  const { code, data } = await client.graphql<{ outcome: { errors: { code: string }[] } }>(
    // What a key without USERS_READ may not see is not asked for.
    document.replace('{ user { id customFields }', '{ user { id }'),
    { userId, ...variables },
  );
  return code ?? data.outcome.errors[0]?.code ?? 'ok';
}

const targets = ['other user', 'other admin', 'other owner', 'missing', 'malformed'];
const outranked = 'INSUFFICIENT_PERMISSIONS';
const nobody = 'NOT_FOUND';
const all = (code: string) => [code, code, code, code, code];
const asAdmin = ['ok', outranked, outranked, nobody, nobody];
const asOwner = ['ok', 'ok', 'ok', nobody, nobody];
const endings: Readonly<Record<string, readonly string[]>> = {
  'signed out': all('UNAUTHENTICATED'),
  user: all('FORBIDDEN'),
  unconfirmed: all('EMAIL_NOT_CONFIRMED'),
  admin: asAdmin,
  owner: asOwner,
  key: asAdmin,
  'strong key': asOwner,
  'other key': all('FORBIDDEN'),
};
const callers = Object.keys(endings);

describe.each(Object.entries(mutations))('%s', (_, mutation) => {
  test.each(callers)('by %s', async (caller) => {
    for (const [index, target] of targets.entries()) {
      const expected = endings[caller]?.[index];
      const found = await ending(clientOf(caller), mutation, idOf(target));
      expect(`${target}: ${found}`).toBe(`${target}: ${expected}`);
      if (expected === 'ok' || index > 2) continue;
      expect((await storedFields(server.database, idOf(target))).custom_fields).toEqual({ old: 1 });
    }
  });

  test('by an Admin on themselves', async () => {
    expect(await ending(clientOf('admin'), mutation, idOf('admin'))).toBe(outranked);
  });
});

test.each(callers)('bulkUpdateUserFields by %s', async (caller) => {
  const expected = endings[caller] ?? [];
  const ids = targets.map(idOf);
  const denied = expected[0] === 'ok' ? undefined : expected[0];
  if (denied !== undefined) {
    const variables = { userIds: ids, fields: { phone: '5' } };
    expect((await clientOf(caller).graphql(bulkMutation, variables)).code).toBe(denied);
    return;
  }
  const { results, updatedCount } = await bulkUpdate(clientOf(caller), ids, { phone: '5' });
  expect(results?.map(({ errors }) => errors[0]?.code ?? 'ok')).toEqual(expected);
  expect(updatedCount).toBe(expected.filter((one) => one === 'ok').length);
  for (const [index, target] of targets.slice(0, 3).entries()) {
    const { custom_fields: fields } = await storedFields(server.database, idOf(target));
    expect(fields).toEqual(expected[index] === 'ok' ? { old: 1, phone: '5' } : { old: 1 });
  }
});

describe('custom fields', () => {
  const selection = '{ customField(key: "old") field(name: "email") }';
  test('are read by the user they belong to, by administrators and by keys', async () => {
    const document = `{ user(id: "${idOf('other user')}") { customFields customField(key: "old") } }`;
    for (const caller of ['other user', 'admin', 'owner', 'other key']) {
      const { data, errors } = await clientOf(caller).graphql(document);
      expect(errors).toEqual([]);
      expect(data).toEqual({ user: { customFields: { old: 1 }, customField: 1 } });
    }
  });

  test('are hidden from keys that may not read users, in what they have written', async () => {
    const { data, errors, code } = await clientOf('key').graphql<{
      one: { user: unknown };
      all: unknown;
    }>(
      `mutation ($id: ID!) {
        one: setUserCustomField(userId: $id, key: "a", value: 1) { user ${selection} }
        all: setUserCustomField(userId: $id, key: "b", value: 1) { user { customFields } }
      }`,
      { id: idOf('other user') },
    );
    expect(data.one.user).toEqual({ customField: null, field: null });
    expect([code, errors.length, data.all]).toEqual(['FORBIDDEN', 1, { user: null }]);
  });

  test('cost nothing where nobody asks, and one statement where somebody does', async () => {
    const quiet = await startTestServer({ RUN_JOBS: 'false' });
    const person = await registerPerson(quiet);
    const cost = async (document: string) =>
      (await statementsOf(() => person.client.graphql(document))).length;
    expect(await cost('{ me { id email } }')).toBe(1);
    expect(
      await cost('{ me { id customFields a: customField(key: "a") b: field(name: "b") } }'),
    ).toBe(2);
    expect(await cost('{ me { field(name: "first_name") } }')).toBe(1);
    for (let count = 0; count < 5; count += 1) await registerPerson(quiet);
    const page = '{ users(pageSize: 100) { nodes { customFields customField(key: "a") } } }';
    expect(await cost(page)).toBe(3);
    await quiet.stop();
  });
});

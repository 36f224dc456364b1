/** The examples of the functions this carries over, one by one. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  bulkUpdate,
  deleteField,
  giveFields,
  replaceFields,
  replaceMutation,
  setField,
  storedFields,
  updateFields,
} from './fields.ts';

let server: TestServer;
let owner: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer();
  owner = await registerPerson(server);
});
beforeEach(async () => {
  user = await registerPerson(server, { firstName: 'John' });
});
afterAll(() => server.stop());

async function read(selection: string) {
  const { data, errors } = await owner.client.graphql<{ user: Record<string, unknown> }>(
    `query ($id: ID!) { user(id: $id) { value: ${selection} } }`,
    { id: user.id },
  );
  expect(errors).toEqual([]);
  return data.user.value;
}

test('get_user_custom_field', async () => {
  await giveFields(server, user.id, { phone: '555-1234' });
  expect(await read('customField(key: "phone")')).toBe('555-1234');
  expect(await read('customField(key: "nonexistent")')).toBeNull();
});

test('get_user_field', async () => {
  await giveFields(server, user.id, { phone: '555-1234', hashed: 'no secret' });
  expect(await read('field(name: "email")')).toBe(user.email);
  expect(await read('field(name: "first_name")')).toBe('John');
  expect(await read('field(name: "phone")')).toBe('555-1234');
  expect(await read('field(name: "nonexistent")')).toBeNull();
  for (const secret of ['hashed_password', 'password', 'current_password', 'passwordHash']) {
    expect(await read(`field(name: "${secret}")`)).toBeNull();
  }
});

test('set_user_custom_field', async () => {
  await giveFields(server, user.id, { other: 1 });
  const first = await setField(owner.client, user.id, 'phone', '555-1234');
  expect(first).toEqual({ customFields: { other: 1, phone: '555-1234' }, refusals: [] });
  const second = await setField(owner.client, user.id, 'department', 'Product');
  expect(second.customFields).toEqual({ other: 1, phone: '555-1234', department: 'Product' });
});

test('delete_user_custom_field', async () => {
  await giveFields(server, user.id, { phone: '555-1234', other: 1 });
  const deleted = { customFields: { other: 1 }, refusals: [] };
  expect(await deleteField(owner.client, user.id, 'phone')).toEqual(deleted);
  expect(await deleteField(owner.client, user.id, 'phone')).toEqual(deleted);
});

test('update_user_custom_fields', async () => {
  await giveFields(server, user.id, { other: 1 });
  const customFields = { phone: '555-1234', department: 'Engineering' };
  expect(await replaceFields(owner.client, user.id, customFields)).toEqual({
    customFields,
    refusals: [],
  });
  const invalid = { userId: user.id, customFields: 'invalid' };
  expect((await owner.client.graphql(replaceMutation, invalid)).code).toBe('BAD_USER_INPUT');
  expect((await replaceFields(owner.client, user.id, {})).customFields).toEqual({});
});

test('update_user_fields', async () => {
  const { customFields, refusals } = await updateFields(owner.client, user.id, {
    first_name: 'Jack',
    email: 'john@example.com',
    phone: '555-1234',
    department: 'Engineering',
  });
  expect([customFields, refusals]).toEqual([{ phone: '555-1234', department: 'Engineering' }, []]);
  expect(await storedFields(server.database, user.id)).toMatchObject({
    first_name: 'Jack',
    email: 'john@example.com',
  });
  expect(await updateFields(owner.client, user.id, { email: 'invalid' })).toEqual({
    customFields: null,
    refusals: ['fields.email INVALID'],
  });
});

test('bulk_update_user_fields', async () => {
  const other = await registerPerson(server);
  const missing = '019b0000-0000-7000-8000-00000000dead';
  const ids = [user.id, other.id, missing];
  const { results, updatedCount, failedCount } = await bulkUpdate(owner.client, ids, {
    status: 'active',
    department: 'Engineering',
  });
  expect([updatedCount, failedCount]).toEqual([2, 1]);
  expect(results?.map(({ errors }) => errors.map(({ code }) => code))).toEqual([
    [],
    [],
    ['NOT_FOUND'],
  ]);
  await bulkUpdate(owner.client, ids, {
    first_name: 'John',
    last_name: 'Doe',
    custom_field_1: 'value1',
    custom_field_2: 'value2',
  });
  expect(await storedFields(server.database, other.id)).toMatchObject({
    first_name: 'John',
    last_name: 'Doe',
    custom_fields: {
      status: 'active',
      department: 'Engineering',
      custom_field_1: 'value1',
      custom_field_2: 'value2',
    },
  });
});

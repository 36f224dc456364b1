import { afterAll, beforeAll, expect, test } from 'vitest';
import { createUser, refusals, userOf } from '../administration/accounts.ts';
import { defined } from '../custom-field/definitions.ts';
import { newEmail, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { storedFields } from '../user-fields/fields.ts';

let server: TestServer;
let owner: Person;
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  owner = await registerPerson(server);
  await defined(owner.client, {
    key: 'department',
    label: 'Department',
    type: 'TEXT',
    required: true,
  });
  await defined(owner.client, { key: 'plan', label: 'Plan', type: 'TEXT', defaultValue: 'free' });
});
afterAll(() => server.stop());

const fieldsOfNew = async (customFields?: unknown) => {
  const made = userOf(await createUser(owner.client, { email: newEmail(), customFields }));
  return (await storedFields(server.database, made.id)).custom_fields;
};

test('an account is made with its custom fields, and the defaults of those not given', async () => {
  expect(await fieldsOfNew({ department: 'Support', note: 'x' })).toEqual({
    department: 'Support',
    plan: 'free',
    note: 'x',
  });
  expect(await fieldsOfNew({ department: 'Support', plan: 'gold' })).toMatchObject({
    plan: 'gold',
  });
});

test('an account that is made without any has the defaults', async () => {
  expect(await fieldsOfNew()).toEqual({ plan: 'free' });
});

test.each([
  [{ plan: 'gold' }, ['input.customFields.department REQUIRED']],
  [
    { department: 7, email: 'x' },
    ['input.customFields.department INVALID', 'input.customFields.email INVALID'],
  ],
])('custom fields %j are refused, and nothing is made', async (customFields, expected) => {
  const count = () => server.database.query('SELECT count(*) FROM users');
  const before = await count();
  const answer = await createUser(owner.client, { email: newEmail(), customFields });
  expect([...refusals(answer)].sort()).toEqual(expected);
  expect(await count()).toEqual(before);
});

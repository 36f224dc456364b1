import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { auditOf } from '../audit/audit.ts';
import {
  confirmEmail,
  mailKinds,
  requestEmailChange,
  stored,
  tokenContexts,
} from '../email/addresses.ts';
import { refuseAudit } from '../role/role-operations.ts';
import { whoIs } from '../session/sessions.ts';
import { mailsTo, newestMail } from '../support/mailbox.ts';
import { newEmail, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { bulkUpdate, storedFields, updateFields, updateMutation } from './fields.ts';

let server: TestServer;
let owner: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer();
  owner = await registerPerson(server);
});
beforeEach(async () => {
  user = await registerPerson(server);
});
afterAll(() => server.stop());

test('a new address is unconfirmed until the link mailed to it is followed', async () => {
  const email = 'Somebody.New@Example.com';
  const { refusals } = await updateFields(owner.client, user.id, { email: ` ${email} `, a: 1 });
  expect(refusals).toEqual([]);
  expect(await stored(server, user)).toEqual({ email, confirmed: false });
  expect((await user.client.graphql('{ roles { name } }')).code).toBe('EMAIL_NOT_CONFIRMED');
  const { token } = await newestMail(server, email);
  expect((await confirmEmail(server.client, token)).refusals).toEqual([]);
  expect(await stored(server, user)).toEqual({ email, confirmed: true });
});

test('the old address is told, and every link mailed before is worthless', async () => {
  await requestEmailChange(user.client, newEmail());
  const email = newEmail();
  await updateFields(owner.client, user.id, { email });
  expect(await tokenContexts(server, user)).toEqual(['confirm']);
  await mailsTo(server, email);
  expect(await mailKinds(server, user.email)).toEqual(['confirm', 'email-changed']);
  expect(await mailKinds(server, email)).toEqual(['confirm']);
});

test('sessions go on', async () => {
  await updateFields(owner.client, user.id, { email: newEmail() });
  expect(await whoIs(user.client)).toBe(user.id);
});

test('is recorded, from and to, beside what else was changed', async () => {
  const email = newEmail();
  await updateFields(owner.client, user.id, { email, phone: '5' });
  expect((await auditOf(server.database, user.id)).slice(-2)).toMatchObject([
    {
      action: 'fields.updated',
      actor_id: owner.id,
      metadata: { changes: { phone: { from: null, to: '5' } } },
    },
    { action: 'email.changed', actor_id: owner.id, metadata: { from: user.email, to: email } },
  ]);
});

test('an address that is taken is TAKEN, whatever its case, and nothing is changed', async () => {
  const other = await registerPerson(server);
  const fields = { email: other.email.toUpperCase(), phone: '5' };
  expect(await updateFields(owner.client, user.id, fields)).toEqual({
    customFields: null,
    refusals: ['fields.email TAKEN'],
  });
  expect((await storedFields(server.database, user.id)).custom_fields).toEqual({});
  expect(await mailKinds(server, user.email)).toEqual(['confirm']);
});

test('of 10 users who are given one address at once one gets it', async () => {
  const email = newEmail();
  const people = await Promise.all(Array.from({ length: 10 }, () => registerPerson(server)));
  const outcomes = await Promise.all(
    people.map(({ id }) => updateFields(owner.client, id, { email, phone: '5' })),
  );
  const refused = outcomes.filter(({ customFields }) => customFields === null);
  expect(refused).toHaveLength(9);
  for (const { refusals } of refused) expect(refusals).toEqual(['fields.email TAKEN']);
});

test('the address there is already changes nothing, and no address is REQUIRED', async () => {
  await updateFields(owner.client, user.id, { email: user.email });
  expect(await stored(server, user)).toEqual({ email: user.email, confirmed: true });
  expect(await mailKinds(server, user.email)).toEqual(['confirm']);
  for (const email of [null, ' ']) {
    const { refusals } = await updateFields(owner.client, user.id, { email });
    expect(refusals).toEqual(['fields.email REQUIRED']);
  }
});

test('nobody changes an own address this way: it takes the password', async () => {
  const fields = { email: newEmail(), phone: '5' };
  expect((await updateFields(owner.client, owner.id, fields)).refusals).toEqual([
    'fields.email INSUFFICIENT_PERMISSIONS',
  ]);
  const { results } = await bulkUpdate(owner.client, [owner.id], fields);
  expect(results?.[0]?.errors).toMatchObject([{ code: 'INSUFFICIENT_PERMISSIONS' }]);
  expect(await stored(server, owner)).toEqual({ email: owner.email, confirmed: true });
});

test('in bulk one user can have a new address, and several cannot have the same', async () => {
  const other = await registerPerson(server);
  const email = newEmail();
  const both = await bulkUpdate(owner.client, [user.id, other.id], { email, username: 'both' });
  expect(both.failedCount).toBe(2);
  expect(both.results).toHaveLength(2);
  for (const { errors } of both.results ?? []) {
    expect(errors).toMatchObject([
      { code: 'INVALID', field: 'fields.email' },
      { code: 'INVALID', field: 'fields.username' },
    ]);
  }
  const one = await bulkUpdate(owner.client, [user.id], { email });
  expect(one.updatedCount).toBe(1);
  expect(await stored(server, user)).toEqual({ email, confirmed: false });
});

test('what cannot be recorded is not done, and no mail goes out', async () => {
  await refuseAudit(server.database, 'email.changed');
  const email = newEmail();
  const variables = { userId: user.id, fields: { email, phone: '5' } };
  const { code } = await owner.client.graphql(updateMutation, variables);
  expect(code).toBe('INTERNAL_SERVER_ERROR');
  expect(await stored(server, user)).toEqual({ email: user.email, confirmed: true });
  expect((await storedFields(server.database, user.id)).custom_fields).toEqual({});
  expect(await mailKinds(server, email)).toEqual([]);
});

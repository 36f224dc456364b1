import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { refusals, updateUserProfile, userOf } from '../administration/accounts.ts';
import { makeKey } from '../api-key/keys.ts';
import { auditOf } from '../audit/audit.ts';
import { ending, refuseAudit } from '../role/role-operations.ts';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { profileOf } from './profiles.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
let person: Person;

beforeAll(async () => {
  server = await startTestServer();
  staff = await registerStaff(server);
});
beforeEach(async () => {
  person = await registerPerson(server, { firstName: 'Ann', lastName: 'Lee' });
});
afterAll(() => server.stop());

const input = { firstName: ' Mary ', lastName: null, timezone: 'Europe/Berlin' };
const change = (wanted: Record<string, unknown> = input) =>
  updateUserProfile(staff.admin.client, person.id, wanted);

test('changes what is given of a user, and leaves the rest', async () => {
  const wanted = { firstName: 'Mary', lastName: null, timezone: 'Europe/Berlin' };
  expect(userOf(await change())).toMatchObject({ ...wanted, username: person.username });
  expect(await profileOf(person.client)).toMatchObject(wanted);
});

test('is recorded as the doing of whoever did it', async () => {
  await change();
  const key = await makeKey(server, 'USERS_WRITE');
  await updateUserProfile(key.client, person.id, { firstName: 'Jane' });
  const entries = await auditOf(server.database, person.id);
  expect(entries.filter(({ action }) => action === 'profile.updated')).toMatchObject([
    {
      actor_type: 'user',
      actor_id: staff.admin.id,
      metadata: { changes: { firstName: { from: 'Ann', to: 'Mary' } } },
    },
    {
      actor_type: 'key',
      actor_id: key.id,
      metadata: { changes: { firstName: { from: 'Mary', to: 'Jane' } } },
    },
  ]);
});

test('refuses everything that is wrong at once, and changes nothing', async () => {
  const { username } = staff.user;
  const answer = await change({ username, firstName: 'a\0', timezone: 'Mars/Phobos' });
  expect(refusals(answer)).toEqual([
    'input.username TAKEN',
    'input.firstName INVALID',
    'input.timezone INVALID',
  ]);
  expect(await profileOf(person.client)).toMatchObject({ firstName: 'Ann' });
});

test('says nothing of the profile to an Admin who may not change it', async () => {
  const answer = await updateUserProfile(staff.admin.client, staff.owner.id, { username: '?' });
  expect(refusals(answer)).toEqual(['null INSUFFICIENT_PERMISSIONS']);
});

test('what cannot be recorded is not done', async () => {
  await refuseAudit(server.database, 'profile.updated');
  expect(ending(await change())).toBe('INTERNAL_SERVER_ERROR');
  expect(await profileOf(person.client)).toMatchObject({ firstName: 'Ann', lastName: 'Lee' });
});

test('of ten who give one username away at once one succeeds', async () => {
  const people = await Promise.all(Array.from({ length: 10 }, () => registerPerson(server)));
  const answers = await Promise.all(
    people.map(({ id }) => updateUserProfile(staff.admin.client, id, { username: 'The_Only' })),
  );
  const endings = answers.map(ending).sort();
  expect(endings).toEqual([...Array<string>(9).fill('TAKEN'), 'ok']);
});

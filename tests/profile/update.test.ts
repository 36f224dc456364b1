import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditOf, breakAudit, mendAudit } from '../audit/audit.ts';
import { told } from '../recovery/resets.ts';
import { loginCodes } from '../session/sessions.ts';
import { registerPerson, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { profileOf, update, updateMutation, validate } from './profiles.ts';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server, { username: 'Night_Owl' });
});
beforeEach(async () => {
  person = await registerPerson(server, { firstName: 'Ann', lastName: 'Lee' });
});
afterAll(() => server.stop());

const updatedAt = async () =>
  (await server.database.query('SELECT updated_at FROM users WHERE id = $1', [person.id]))[0];

test('updates the names of the user', async () => {
  const { user, errors } = await update(person.client, { firstName: 'John', lastName: 'Doe' });
  expect(errors).toEqual([]);
  expect(user).toMatchObject({ firstName: 'John', lastName: 'Doe', username: person.username });
  expect(await profileOf(person.client)).toEqual(user);
});

test('leaves what is absent as it is', async () => {
  await update(person.client, { timezone: 'Europe/Berlin' });
  const { user } = await update(person.client, { firstName: 'Mary' });
  expect(user).toEqual({
    username: person.username,
    firstName: 'Mary',
    lastName: 'Lee',
    timezone: 'Europe/Berlin',
    preferredLocale: null,
  });
});

test.each([null, '', ' \t '])('clears every field with %j', async (blank) => {
  await update(person.client, { timezone: 'UTC' });
  const input = { username: blank, firstName: blank, lastName: blank, timezone: blank };
  const { user, errors } = await update(person.client, input);
  expect(errors).toEqual([]);
  expect(user).toEqual({
    username: null,
    firstName: null,
    lastName: null,
    timezone: null,
    preferredLocale: null,
  });
  // Nothing is derived again: the address still signs in, and the old name nobody.
  expect(await loginCodes(server.client, person.email)).toEqual([]);
  expect(await loginCodes(server.client, person.username)).toEqual(['INVALID_CREDENTIALS']);
});

test('the new username signs in instead of the old one', async () => {
  await update(person.client, { username: 'Early_Bird' });
  expect(await loginCodes(server.client, 'early_bird')).toEqual([]);
  expect(await loginCodes(server.client, person.username)).toEqual(['INVALID_CREDENTIALS']);
});

test('text is trimmed and Unicode-normalised', async () => {
  const { user } = await update(person.client, { firstName: ' Zoe\u0308\n', timezone: ' UTC ' });
  expect(user).toMatchObject({ firstName: 'Zoë', timezone: 'UTC' });
});

const refused: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
  ['a username of 2', { username: 'ab' }, ['input.username TOO_SHORT']],
  ['a username of 31', { username: 'a'.repeat(31) }, ['input.username TOO_LONG']],
  ['a username with a hyphen', { username: 'ann-lee' }, ['input.username INVALID']],
  ['a username that is taken', { username: 'nIGHT_oWL' }, ['input.username TAKEN']],
  ['a first name of 101', { firstName: 'x'.repeat(101) }, ['input.firstName TOO_LONG']],
  ['a last name with NUL', { lastName: 'Mc\0Cloud' }, ['input.lastName INVALID']],
  ['a zone that is none', { timezone: 'Mars/Phobos' }, ['input.timezone INVALID']],
  ['an offset of 15 hours', { timezone: '+15' }, ['input.timezone INVALID']],
  ['a zone of 51 characters', { timezone: 'x'.repeat(51) }, ['input.timezone TOO_LONG']],
  [
    'all that can be wrong at once',
    { username: 'NIGHT_OWL', firstName: 'a\0', lastName: 'x'.repeat(101), timezone: '?' },
    [
      'input.username TAKEN',
      'input.firstName INVALID',
      'input.lastName TOO_LONG',
      'input.timezone INVALID',
    ],
  ],
];

describe('refuses', () => {
  test.each(refused)('%s, and validateProfile says the same', async (_, input, all) => {
    const before = await updatedAt();
    const { user, errors } = await update(person.client, { ...input, preferredLocale: undefined });
    expect([user, told(errors)]).toEqual([null, all]);
    expect(await validate(person.client, input)).toEqual({ valid: false, errors });
    expect(await updatedAt()).toEqual(before);
  });

  test('nobody the own username, whatever its case', async () => {
    const username = person.username.toUpperCase();
    expect(await validate(person.client, { username })).toEqual({ valid: true, errors: [] });
    expect((await update(person.client, { username })).user).toMatchObject({ username });
  });
});

test('validateProfile finds nothing wrong with a good profile, and changes nothing', async () => {
  const before = await profileOf(person.client);
  const input = { username: 'somebody_new', firstName: 'John', timezone: '-12' };
  expect(await validate(person.client, input)).toEqual({ valid: true, errors: [] });
  expect(await validate(person.client, {})).toEqual({ valid: true, errors: [] });
  expect(await profileOf(person.client)).toEqual(before);
});

test('is recorded, with what changed from what to what', async () => {
  await update(person.client, { firstName: 'Ann', lastName: 'Doe', timezone: 'Asia/Tokyo' });
  const [last, ...others] = (await auditOf(server.database, person.id))
    .filter(({ action }) => action === 'profile.updated')
    .reverse();
  expect(others).toEqual([]);
  expect(last).toMatchObject({
    actor_type: 'user',
    actor_id: person.id,
    metadata: {
      changes: {
        lastName: { from: 'Lee', to: 'Doe' },
        timezone: { from: null, to: 'Asia/Tokyo' },
      },
    },
  });
});

test('what changes nothing is neither written nor recorded', async () => {
  const before = [await updatedAt(), await auditOf(server.database, person.id)];
  for (const input of [{}, { firstName: 'Ann' }, { lastName: ' Lee ', timezone: null }]) {
    expect((await update(person.client, input)).errors).toEqual([]);
  }
  expect([await updatedAt(), await auditOf(server.database, person.id)]).toEqual(before);
});

test('what cannot be recorded is not done', async () => {
  await breakAudit(server.database);
  const input = { firstName: 'John' };
  const { code } = await person.client.graphql(updateMutation, { input });
  await mendAudit(server.database);
  expect(code).toBe('INTERNAL_SERVER_ERROR');
  expect(await profileOf(person.client)).toMatchObject({ firstName: 'Ann' });
});

test('of 10 who want one username at once one gets it, and the others are told TAKEN', async () => {
  const people = await Promise.all(Array.from({ length: 10 }, () => registerPerson(server)));
  const outcomes = await Promise.all(
    people.map(({ client }) => update(client, { username: 'The_One', firstName: 'First' })),
  );
  expect(outcomes.filter(({ user }) => user !== null)).toHaveLength(1);
  for (const { user, errors } of outcomes) {
    expect(told(errors)).toEqual(user === null ? ['input.username TAKEN'] : []);
  }
  const profiles = await Promise.all(people.map(({ client }) => profileOf(client)));
  expect(profiles.filter(({ firstName }) => firstName === 'First')).toHaveLength(1);
});

test('simultaneous changes of different fields all survive', async () => {
  const inputs = [{ firstName: 'John' }, { lastName: 'Doe' }, { timezone: '+2' }];
  await Promise.all(inputs.map((input) => update(person.client, input)));
  expect(await profileOf(person.client)).toMatchObject(Object.assign({}, ...inputs) as object);
});

test('is for signed-in users with a confirmed address', async () => {
  const unconfirmed = await registerUnconfirmed(server);
  const documents = [
    updateMutation,
    'query ($input: ProfileInput!) { validateProfile(input: $input) { valid } }',
    'mutation { updateLocalePreference { errors { code } } }',
  ];
  for (const document of documents) {
    const input = { firstName: 'John' };
    expect((await server.client.graphql(document, { input })).code).toBe('UNAUTHENTICATED');
    const { code } = await unconfirmed.client.graphql(document, { input });
    expect(code).toBe('EMAIL_NOT_CONFIRMED');
  }
});

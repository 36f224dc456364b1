import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defined } from '../custom-field/definitions.ts';
import { makeKey } from '../api-key/keys.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  deleteField,
  giveFields,
  replaceFields,
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
  user = await registerPerson(server);
});
beforeEach(() => giveFields(server, user.id, {}));
afterAll(() => server.stop());

const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`field_${index}`, index]));

/** A value of so many levels. */
const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });

describe('keys', () => {
  test.each([
    ['', 'REQUIRED'],
    ['Phone', 'INVALID'],
    ['phoneNumber', 'INVALID'],
    ['1st', 'INVALID'],
    ['_a', 'INVALID'],
    ['a-b', 'INVALID'],
    ['a b', 'INVALID'],
    ['a.b', 'INVALID'],
    ['é', 'INVALID'],
    ['a\0', 'INVALID'],
    ['a\ud800', 'INVALID'],
    ['a'.repeat(51), 'TOO_LONG'],
    ['constructor', 'INVALID'],
    ['prototype', 'INVALID'],
    ['password', 'INVALID'],
    ['password_hash', 'INVALID'],
    ['hashed_password', 'INVALID'],
    ['token', 'INVALID'],
    ['id', 'INVALID'],
    ['roles', 'INVALID'],
    ['is_active', 'INVALID'],
    ['confirmed_at', 'INVALID'],
    ['custom_fields', 'INVALID'],
  ])('%j is %s', async (key, code) => {
    const path = key.slice(0, 50);
    expect((await setField(owner.client, user.id, key, 1)).refusals).toEqual([`key ${code}`]);
    expect((await updateFields(owner.client, user.id, { [key]: 1 })).refusals).toEqual([
      `fields.${path} ${code}`,
    ]);
    expect((await replaceFields(owner.client, user.id, { [key]: 1 })).refusals).toEqual([
      `customFields.${path} ${code}`,
    ]);
    expect((await storedFields(server.database, user.id)).custom_fields).toEqual({});
  });

  test.each(['email', 'first_name', 'username', 'timezone', 'preferred_locale'])(
    'the profile field %s is no custom field',
    async (key) => {
      expect((await setField(owner.client, user.id, key, 'x')).refusals).toEqual(['key INVALID']);
      const { refusals } = await replaceFields(owner.client, user.id, { [key]: 'x' });
      expect(refusals).toEqual([`customFields.${key} INVALID`]);
    },
  );

  test('of 50 characters, and any that is not there can be deleted', async () => {
    const key = 'a'.repeat(50);
    expect((await setField(owner.client, user.id, key, 1)).customFields).toEqual({ [key]: 1 });
    for (const other of ['Phone', 'a\0', 'constructor', '__proto__']) {
      expect((await deleteField(owner.client, user.id, other)).refusals).toEqual([]);
    }
  });

  test('every bad one is named at once', async () => {
    const { refusals } = await replaceFields(owner.client, user.id, { A: 1, b: 1, 'c d': 1 });
    expect(refusals).toEqual(['customFields.A INVALID', 'customFields.c d INVALID']);
  });
});

describe('a user has at most', () => {
  test('100 custom fields', async () => {
    expect((await replaceFields(owner.client, user.id, numbered(101))).refusals).toEqual([
      'customFields TOO_LONG',
    ]);
    expect((await replaceFields(owner.client, user.id, numbered(100))).refusals).toEqual([]);
    expect((await setField(owner.client, user.id, 'one_more', 1)).refusals).toEqual([
      'key TOO_LONG',
    ]);
    expect((await updateFields(owner.client, user.id, { one_more: 1 })).refusals).toEqual([
      'fields TOO_LONG',
    ]);
    // One goes and another comes.
    const swap = { field_0: null, one_more: 1 };
    expect((await updateFields(owner.client, user.id, swap)).refusals).toEqual([]);
    expect(Object.keys((await storedFields(server.database, user.id)).custom_fields)).toHaveLength(
      100,
    );
  });

  test('16 KiB of them as JSON, in bytes', async () => {
    const value = 'é'.repeat(8_186); // `{"note":""}` has 11 bytes more
    expect((await setField(owner.client, user.id, 'note', `${value}aa`)).refusals).toEqual([
      'value TOO_LONG',
    ]);
    const { customFields } = await setField(owner.client, user.id, 'note', `${value}a`);
    expect(Buffer.byteLength(JSON.stringify(customFields))).toBe(16_384);
    expect((await setField(owner.client, user.id, 'more', 1)).refusals).toEqual(['value TOO_LONG']);
    const { refusals } = await updateFields(owner.client, user.id, { more: 1 });
    expect(refusals).toEqual(['fields TOO_LONG']);
  });

  test('five levels, the fields themselves being the first', async () => {
    expect((await setField(owner.client, user.id, 'deep', nested(5))).refusals).toEqual([
      'value INVALID',
    ]);
    const { customFields } = await setField(owner.client, user.id, 'deep', nested(4));
    expect(customFields).toEqual({ deep: nested(4) });
    expect((await updateFields(owner.client, user.id, { deep: [[[[[]]]]] })).refusals).toEqual([
      'fields.deep INVALID',
    ]);
  });
});

describe('values without a definition', () => {
  test('are any JSON, as it was given', async () => {
    const fields = { a: 'x', b: 1.5, c: true, d: [1, null, { e: ' ' }], f: {}, g: 'a\nb', h: '' };
    expect((await replaceFields(owner.client, user.id, fields)).customFields).toEqual(fields);
  });

  test('hold no NUL and no half characters, in no string and no key', async () => {
    for (const value of ['a\0', '\udfff', ['\0'], { 'a\0': 1 }, { '\ud800': 1 }, [[{ a: '\0' }]]]) {
      const { refusals } = await setField(owner.client, user.id, 'thing', value);
      expect(refusals).toEqual(['value INVALID']);
    }
  });

  test('hold nothing that careless programs would make a prototype of', async () => {
    const { refusals } = await setField(owner.client, user.id, 'a', { b: { constructor: {} } });
    expect(refusals).toEqual(['value INVALID']);
    const inline = await owner.client.graphql<{ outcome: { errors: { field: string }[] } }>(
      `mutation ($id: ID!) {
        outcome: setUserCustomField(userId: $id, key: "a", value: {__proto__: {admin: true}}) {
          errors { field }
        }
      }`,
      { id: user.id },
    );
    expect(inline.data.outcome.errors).toEqual([{ field: 'value' }]);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  test('hold no number beyond what JSON programs can read', async () => {
    const { data } = await owner.client.graphql<{ outcome: { errors: { code: string }[] } }>(
      `mutation ($id: ID!) {
        outcome: setUserCustomField(userId: $id, key: "a", value: 1e999) { errors { code } }
      }`,
      { id: user.id },
    );
    expect(data.outcome.errors).toEqual([{ code: 'INVALID' }]);
  });
});

describe('with CUSTOM_FIELDS=defined', () => {
  test('a key without an enabled definition is UNKNOWN_FIELD, and can only be removed', async () => {
    const strict = await startTestServer({ CUSTOM_FIELDS: 'defined' });
    const { client } = await registerPerson(strict);
    const { id } = await registerPerson(strict);
    const key = await makeKey(strict, 'USERS_WRITE', 'USERS_READ');
    await defined(client, { key: 'phone', type: 'TEXT' });
    await defined(client, { key: 'old', type: 'TEXT', enabled: false });
    await giveFields(strict, id, { old: 1, older: 2, oldest: 3 });
    for (const one of [client, key.client]) {
      expect((await setField(one, id, 'other', 1)).refusals).toEqual(['key UNKNOWN_FIELD']);
      expect((await updateFields(one, id, { phone: '5', old: 'x' })).refusals).toEqual([
        'fields.old UNKNOWN_FIELD',
      ]);
      expect((await replaceFields(one, id, { other: 1 })).refusals).toEqual([
        'customFields.other UNKNOWN_FIELD',
      ]);
    }
    await deleteField(client, id, 'old');
    await setField(client, id, 'older', null);
    expect((await updateFields(client, id, { phone: '5' })).customFields).toEqual({
      phone: '5',
      oldest: 3,
    });
    await strict.stop();
  });
});

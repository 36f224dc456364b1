import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import { auditOf } from '../audit/audit.ts';
import { defined } from '../custom-field/definitions.ts';
import { refuseAudit } from '../role/role-operations.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import {
  deleteField,
  deleteMutation,
  giveFields,
  replaceFields,
  replaceMutation,
  setField,
  setMine,
  setMineMutation,
  setMutation,
  storedFields,
  updateFields,
  updateMutation,
} from './fields.ts';

let server: TestServer;
let owner: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' }); // statements are counted
  owner = await registerPerson(server);
  await registerPerson(server, { username: 'Night_Owl' });
  await defined(owner.client, { key: 'nickname', type: 'TEXT', userEditable: true });
  await defined(owner.client, { key: 'plan', type: 'TEXT' });
  await defined(owner.client, { key: 'off', type: 'TEXT', userEditable: true, enabled: false });
});
beforeEach(async () => {
  user = await registerPerson(server, { firstName: 'Ann', lastName: 'Lee' });
});
afterAll(() => server.stop());

const stored = () => storedFields(server.database, user.id);
const recorded = async () =>
  (await auditOf(server.database, user.id)).filter(({ action }) => action === 'fields.updated');

describe('updateUserFields', () => {
  test('takes names in either spelling, and leaves what is not named', async () => {
    await giveFields(server, user.id, { kept: 1, changed: 1 });
    const { refusals } = await updateFields(owner.client, user.id, {
      firstName: ' Mary ',
      last_name: null,
      user_timezone: 'Europe/Berlin',
      preferredLocale: 'de-at',
      changed: 2,
      added: [1],
    });
    expect(refusals).toEqual([]);
    expect(await stored()).toMatchObject({
      email: user.email,
      username: user.username,
      first_name: 'Mary',
      last_name: null,
      timezone: 'Europe/Berlin',
      preferred_locale: 'de-AT',
      custom_fields: { kept: 1, changed: 2, added: [1] },
    });
  });

  test('removes custom fields that are null', async () => {
    await giveFields(server, user.id, { kept: 1, gone: 1 });
    const fields = { gone: null, never: null };
    expect((await updateFields(owner.client, user.id, fields)).customFields).toEqual({ kept: 1 });
  });

  test('changes nothing when anything is wrong, and names all of it', async () => {
    const before = await stored();
    const { customFields, refusals } = await updateFields(owner.client, user.id, {
      firstName: 'John',
      last_name: 'x'.repeat(101),
      username: 'nIGHT_oWL',
      timezone: 'Mars',
      locale: 'invalid',
      email: 'nobody',
      phone: '555',
      Phone: '555',
      is_active: false,
      confirmedAt: null,
      id: user.id,
      roles: ['Owner'],
      password: 'secret',
      plan: 7,
    });
    expect(customFields).toBeNull();
    expect(refusals).toEqual([
      'fields.last_name TOO_LONG',
      'fields.timezone INVALID',
      'fields.locale INVALID',
      'fields.email INVALID',
      'fields.Phone INVALID',
      'fields.is_active INVALID',
      'fields.confirmedAt INVALID',
      'fields.id INVALID',
      'fields.roles INVALID',
      'fields.password INVALID',
      'fields.plan INVALID',
    ]);
    expect(await stored()).toEqual(before);
  });

  test('refuses a username that is taken, one name twice, and what is no text', async () => {
    const refusalsOf = async (fields: object) =>
      (await updateFields(owner.client, user.id, { ...fields })).refusals;
    expect(await refusalsOf({ username: 'nIGHT_oWL' })).toEqual(['fields.username TAKEN']);
    expect(await refusalsOf({ firstName: 'A', first_name: 'B' })).toEqual([
      'fields.first_name INVALID',
    ]);
    expect(await refusalsOf({ firstName: 1, email: {} })).toEqual([
      'fields.firstName INVALID',
      'fields.email INVALID',
    ]);
    expect(await refusalsOf({ username: user.username.toUpperCase() })).toEqual([]);
  });

  test('of one username by 10 at once: one user gets it', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => registerPerson(server)));
    const outcomes = await Promise.all(
      people.map(({ id }) => updateFields(owner.client, id, { username: 'The_One', a: 1 })),
    );
    const refused = outcomes.filter(({ customFields }) => customFields === null);
    expect(refused).toHaveLength(9);
    for (const { refusals } of refused) expect(refusals).toEqual(['fields.username TAKEN']);
    const rows = await server.database.query(
      `SELECT id FROM users WHERE custom_fields @> '{"a": 1}'`,
    );
    expect(rows).toHaveLength(1);
  });

  test('of NUL in any text is INVALID and no fault', async () => {
    const names = ['firstName', 'last_name', 'username', 'timezone', 'locale', 'email', 'phone'];
    for (const name of names) {
      const { refusals } = await updateFields(owner.client, user.id, { [name]: 'a\0b' });
      expect(refusals).toContain(`fields.${name} INVALID`);
    }
  });
});

describe('setMyCustomField', () => {
  test('sets and removes what users may write', async () => {
    const set = await setMine(user.client, 'nickname', ' Annie ');
    expect(set).toEqual({ customFields: { nickname: 'Annie' }, refusals: [] });
    expect((await setMine(user.client, 'nickname', null)).customFields).toEqual({});
  });

  test('refuses fields that are not for users, and those that are not defined', async () => {
    const refusalsOf = async (key: string, value: unknown = 'x') =>
      (await setMine(user.client, key, value)).refusals;
    expect(await refusalsOf('plan')).toEqual(['key INSUFFICIENT_PERMISSIONS']);
    for (const key of ['phone', 'off', 'password', 'Bad Key', '__proto__', 'constructor', 'a\0']) {
      expect(await refusalsOf(key)).toEqual(['key UNKNOWN_FIELD']);
    }
    expect(await refusalsOf('nickname', 1)).toEqual(['value INVALID']);
    expect((await stored()).custom_fields).toEqual({});
  });

  test('is for the same fields when an Owner asks', async () => {
    expect((await setMine(owner.client, 'plan', 'x')).refusals).toEqual([
      'key INSUFFICIENT_PERMISSIONS',
    ]);
  });

  test('is not for keys, who are nobody', async () => {
    const key = await makeKey(server, 'USERS_WRITE');
    const variables = { key: 'nickname', value: 'x' };
    expect((await key.client.graphql(setMineMutation, variables)).code).toBe('FORBIDDEN');
    expect((await server.client.graphql(setMineMutation, variables)).code).toBe('UNAUTHENTICATED');
  });
});

describe('at the same instant', () => {
  test('50 edits of different fields of one user all survive', async () => {
    const keys = Array.from({ length: 50 }, (_, index) => `field_${index}`);
    const outcomes = await Promise.all(
      keys.map((key, index) => setField(owner.client, user.id, key, index)),
    );
    for (const { refusals } of outcomes) expect(refusals).toEqual([]);
    expect((await stored()).custom_fields).toEqual(
      Object.fromEntries(keys.map((key, index) => [key, index])),
    );
  });

  test('50 edits by all kinds of operations survive, and no limit is passed', async () => {
    const full = Object.fromEntries(Array.from({ length: 95 }, (_, n) => [`old_${n}`, n]));
    await giveFields(server, user.id, { ...full, nickname: 'x' });
    const { last_name: lastNameBefore } = await stored();
    const edits = Array.from({ length: 50 }, (_, index) => {
      if (index === 0) return setMine(user.client, 'nickname', 'Annie');
      if (index === 1) return deleteField(owner.client, user.id, 'old_0');
      const fields = { [`new_${index}`]: index, lastName: 'Doe' };
      return index % 2 === 0
        ? updateFields(owner.client, user.id, fields)
        : setField(owner.client, user.id, `new_${index}`, index);
    });
    const outcomes = await Promise.all(edits);
    const { custom_fields: fields, last_name: lastName } = await stored();
    expect([fields.nickname, fields.old_0]).toEqual(['Annie', undefined]);
    // There is room for a few new fields only, and all of them may have been set one by one.
    const named = outcomes.some(
      ({ refusals }, index) => index > 1 && index % 2 === 0 && refusals.length === 0,
    );
    expect(lastName).toBe(named ? 'Doe' : lastNameBefore);
    const written = outcomes.slice(2).filter(({ refusals }) => refusals.length === 0).length;
    expect(Object.keys(fields)).toHaveLength(95 + written);
    // One less where the deletion came last.
    expect([99, 100]).toContain(Object.keys(fields).length);
    for (const { refusals } of outcomes.slice(2)) {
      expect([[], ['key TOO_LONG'], ['fields TOO_LONG']]).toContainEqual(refusals);
    }
  });
});

describe('the audit log', () => {
  test('has one entry for each change, from what to what, and by whom', async () => {
    await giveFields(server, user.id, { plan: 'free', gone: { a: 1 } });
    await updateFields(owner.client, user.id, { firstName: 'Mary', lastName: 'Lee', plan: 'paid' });
    await replaceFields(owner.client, user.id, { plan: 'paid', phone: '5' });
    const key = await makeKey(server, 'USERS_WRITE', 'USERS_READ');
    await setField(key.client, user.id, 'phone', null);
    await setMine(user.client, 'nickname', 'Annie');
    expect(await recorded()).toMatchObject([
      {
        actor_id: owner.id,
        metadata: {
          changes: {
            firstName: { from: 'Ann', to: 'Mary' },
            plan: { from: 'free', to: 'paid' },
          },
        },
      },
      {
        metadata: {
          changes: { gone: { from: { a: 1 }, to: null }, phone: { from: null, to: '5' } },
        },
      },
      {
        actor_type: 'key',
        actor_id: key.id,
        metadata: { changes: { phone: { from: '5', to: null } } },
      },
      {
        actor_type: 'user',
        actor_id: user.id,
        metadata: { changes: { nickname: { from: null, to: 'Annie' } } },
      },
    ]);
  });

  test('has nothing of what changes nothing, which is not written either', async () => {
    await giveFields(server, user.id, { a: { x: 1, y: [2] } });
    const before = await stored();
    await updateFields(owner.client, user.id, { firstName: 'Ann', a: { y: [2], x: 1 } });
    await setField(owner.client, user.id, 'a', { x: 1, y: [2] });
    await replaceFields(owner.client, user.id, { a: { y: [2], x: 1 } });
    await deleteField(owner.client, user.id, 'nothing');
    await updateFields(owner.client, user.id, {});
    expect([await stored(), await recorded()]).toEqual([before, []]);
  });

  test('that cannot be written leaves everything as it was', async () => {
    await giveFields(server, user.id, { nickname: 'x' });
    const before = await stored();
    await refuseAudit(server.database, 'fields.updated');
    const { id: userId } = user;
    const calls = [
      [owner, updateMutation, { userId, fields: { firstName: 'Mary', phone: '5' } }],
      [owner, setMutation, { userId, key: 'phone', value: '5' }],
      [owner, deleteMutation, { userId, key: 'nickname' }],
      [owner, replaceMutation, { userId, customFields: {} }],
      [user, setMineMutation, { key: 'nickname', value: 'y' }],
    ] as const;
    for (const [{ client }, mutation, variables] of calls) {
      expect((await client.graphql(mutation, variables)).code).toBe('INTERNAL_SERVER_ERROR');
    }
    expect(await stored()).toEqual(before);
  });
});

test('a change of one field takes a handful of statements', async () => {
  const statements = await statementsOf(() => setField(owner.client, user.id, 'phone', '5'));
  expect(statements.filter((text) => text.startsWith('UPDATE users'))).toHaveLength(1);
  // Who asks, BEGIN, locks and ranks of both, the definitions, the fields, the write, the entry,
  // COMMIT, and two that read the answer.
  expect(statements.length).toBeLessThanOrEqual(13);
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import { told } from '../registration/registering.ts';
import { refuseAudit } from '../role/role-operations.ts';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  define,
  defineMutation,
  defined,
  definitionAudit,
  definitionsSeenBy,
  removeDefinition,
  removeMutation,
  reorder,
  reorderMutation,
  updateDefinition,
  updateMutation,
} from './definitions.ts';

let server: TestServer;
let owner: Person;
let admin: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer();
  ({ owner, admin, user } = await registerStaff(server));
});
beforeEach(async () => {
  await server.database.query('DELETE FROM custom_field_definitions');
  await server.database.query('DELETE FROM audit_events');
});
afterAll(() => server.stop());

const keys = async () => (await definitionsSeenBy(owner.client)).map(({ key }) => key);

describe('defineCustomField', () => {
  test('defines a field with all that can be said of it', async () => {
    const input = {
      key: 'department',
      label: ' Department ',
      type: 'SELECT',
      required: true,
      enabled: true,
      userEditable: true,
      options: ['Engineering', ' Sales '],
      defaultValue: 'Sales',
    };
    const definition = await defined(admin.client, input);
    expect(definition).toEqual({
      ...input,
      label: 'Department',
      options: ['Engineering', 'Sales'],
      position: 1,
      validation: { min: null, max: null, pattern: null },
    });
    expect(await definitionsSeenBy(owner.client)).toEqual([definition]);
  });

  test('needs a key and a type; the rest has defaults', async () => {
    expect(await defined(owner.client, { key: 'phone', type: 'TEXT' })).toEqual({
      key: 'phone',
      label: 'phone',
      type: 'TEXT',
      required: false,
      position: 1,
      enabled: true,
      userEditable: false,
      options: null,
      validation: { min: null, max: null, pattern: null },
      defaultValue: null,
    });
  });

  test('has all ten types', async () => {
    const types = 'TEXT TEXTAREA NUMBER BOOLEAN DATE EMAIL URL SELECT RADIO CHECKBOX'.split(' ');
    for (const type of types) {
      const options = ['SELECT', 'RADIO', 'CHECKBOX'].includes(type) ? ['a', 'b'] : null;
      const definition = await defined(admin.client, {
        key: `a_${type.toLowerCase()}`,
        type,
        options,
      });
      expect(definition).toMatchObject({ type, options });
    }
    expect(await keys()).toEqual(types.map((type) => `a_${type.toLowerCase()}`));
  });

  test('of a key that is there already is TAKEN, and changes nothing', async () => {
    const first = await defined(owner.client, { key: 'phone', type: 'TEXT' });
    const { customFieldDefinition, errors } = await define(owner.client, {
      key: ' phone ',
      type: 'NUMBER',
    });
    expect([customFieldDefinition, told(errors)]).toEqual([null, ['input.key TAKEN']]);
    expect(await definitionsSeenBy(owner.client)).toEqual([first]);
  });

  test('of one key by 10 at once: one defines it, the others are told TAKEN', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        define(admin.client, { key: 'phone', label: `Phone ${index}`, type: 'TEXT' }),
      ),
    );
    const refused = outcomes.filter(({ customFieldDefinition }) => customFieldDefinition === null);
    expect(refused).toHaveLength(9);
    for (const { errors } of refused) expect(told(errors)).toEqual(['input.key TAKEN']);
  });

  test('of 10 keys at once gives each a position of its own', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        defined(admin.client, { key: `field_${index}`, type: 'TEXT' }),
      ),
    );
    const positions = (await definitionsSeenBy(owner.client)).map(({ position }) => position);
    expect(positions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('defines at most 100 fields', async () => {
    await server.database.query(
      `INSERT INTO custom_field_definitions (key, label, type, position, created_at, updated_at)
       SELECT 'field_' || n, 'Field', 'text', n, now(), now() FROM generate_series(1, 100) n`,
    );
    const { errors } = await define(owner.client, { key: 'one_more', type: 'TEXT' });
    expect(told(errors)).toEqual(['input.key TOO_LONG']);
  });

  test('refuses defaults that no user could have together', async () => {
    const defaultValue = 'x'.repeat(9_000);
    await defined(owner.client, { key: 'one', type: 'TEXTAREA', defaultValue });
    const { errors } = await define(owner.client, { key: 'two', type: 'TEXTAREA', defaultValue });
    expect(told(errors)).toEqual(['input.defaultValue TOO_LONG']);
  });
});

describe('updateCustomFieldDefinition', () => {
  test('changes what is given and leaves the rest', async () => {
    const before = await defined(owner.client, {
      key: 'nickname',
      type: 'TEXT',
      defaultValue: 'Ann',
      validation: { min: 2, max: 20, pattern: '^[A-Z]' },
    });
    const { customFieldDefinition } = await updateDefinition(admin.client, 'nickname', {
      label: 'Nickname',
      userEditable: true,
      validation: { min: 3, pattern: null },
    });
    expect(customFieldDefinition).toEqual({
      ...before,
      label: 'Nickname',
      userEditable: true,
      validation: { min: 3, max: 20, pattern: null },
    });
    expect(await definitionsSeenBy(owner.client)).toEqual([customFieldDefinition]);
  });

  test('refuses what would leave the definition wrong, whichever part is given', async () => {
    const before = await defined(owner.client, {
      key: 'size',
      type: 'SELECT',
      options: ['S', 'M'],
      defaultValue: 'M',
    });
    for (const [input, refusals] of [
      [{ options: ['S', 'L'] }, ['input.defaultValue INVALID']],
      [{ type: 'NUMBER' }, ['input.options INVALID']],
      [{ options: null }, ['input.options REQUIRED']],
      [{ label: ' ' }, ['input.label REQUIRED']],
    ] as const) {
      const { customFieldDefinition, errors } = await updateDefinition(admin.client, 'size', input);
      expect([customFieldDefinition, told(errors)]).toEqual([null, refusals]);
    }
    expect(await definitionsSeenBy(owner.client)).toEqual([before]);
  });

  test('and removing are NOT_FOUND for a key that is not defined', async () => {
    const updated = await updateDefinition(admin.client, 'nothing', { label: 'Nothing' });
    const removed = await removeDefinition(admin.client, 'nothing\0');
    expect([told(updated.errors), told(removed.errors)]).toEqual([
      ['key NOT_FOUND'],
      ['key NOT_FOUND'],
    ]);
  });
});

test('removeCustomFieldDefinition removes it, and leaves what users have', async () => {
  const definition = await defined(owner.client, { key: 'phone', type: 'TEXT' });
  await server.database.query(
    `UPDATE users SET custom_fields = '{"phone": "555-1234"}' WHERE id = $1`,
    [user.id],
  );
  expect(await removeDefinition(admin.client, 'phone')).toEqual({
    customFieldDefinition: definition,
    errors: [],
  });
  expect(await keys()).toEqual([]);
  const rows = await server.database.query('SELECT custom_fields FROM users WHERE id = $1', [
    user.id,
  ]);
  expect(rows).toEqual([{ custom_fields: { phone: '555-1234' } }]);
});

describe('reorderCustomFields', () => {
  beforeEach(async () => {
    for (const key of ['a', 'b', 'c', 'd']) await defined(owner.client, { key, type: 'TEXT' });
  });

  test('puts the fields named first, and the others after them as they were', async () => {
    expect(await reorder(admin.client, ['d', 'b'])).toEqual({
      keys: ['d', 'b', 'a', 'c'],
      errors: [],
    });
    const seen = await definitionsSeenBy(owner.client);
    expect(seen.map(({ key, position }) => `${key}${position}`)).toEqual(['d1', 'b2', 'a3', 'c4']);
  });

  test('refuses a key that is not defined, and one that is named twice', async () => {
    const missing = await reorder(admin.client, ['d', 'nothing']);
    const twice = await reorder(admin.client, ['d', 'd']);
    expect([told(missing.errors), told(twice.errors)]).toEqual([
      ['keys NOT_FOUND'],
      ['keys INVALID'],
    ]);
    expect(await keys()).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('who may', () => {
  test('see definitions: users the enabled ones, administrators and keys all', async () => {
    await defined(owner.client, { key: 'shown', type: 'TEXT' });
    await defined(owner.client, { key: 'hidden', type: 'TEXT', enabled: false });
    const key = await makeKey(server, 'USERS_READ');
    const keysSeen = async ({ client }: Pick<Person, 'client'>) =>
      (await definitionsSeenBy(client)).map((definition) => definition.key);
    expect(await keysSeen(user)).toEqual(['shown']);
    for (const one of [admin, owner, key]) expect(await keysSeen(one)).toEqual(['shown', 'hidden']);
    const document = '{ customFieldDefinitions { key } }';
    expect((await server.client.graphql(document)).code).toBe('UNAUTHENTICATED');
    const other = await makeKey(server, 'USERS_WRITE');
    expect((await other.client.graphql(document)).code).toBe('FORBIDDEN');
  });

  test('change definitions: administrators and nobody else', async () => {
    const key = await makeKey(server, 'USERS_WRITE', 'ROLES_WRITE');
    const calls = [
      [defineMutation, { input: { key: 'phone', type: 'TEXT' } }],
      [updateMutation, { key: 'phone', input: { label: 'Phone' } }],
      [removeMutation, { key: 'phone' }],
      [reorderMutation, { keys: [] }],
    ] as const;
    for (const [mutation, variables] of calls) {
      const codeFor = async (client: Person['client']) =>
        (await client.graphql(mutation, variables)).code;
      expect(await codeFor(server.client)).toBe('UNAUTHENTICATED');
      expect(await codeFor(user.client)).toBe('FORBIDDEN');
      expect(await codeFor(key.client)).toBe('FORBIDDEN');
    }
    expect(await keys()).toEqual([]);
  });
});

describe('the audit log', () => {
  test('has who changed which definition from what to what', async () => {
    await defined(admin.client, { key: 'phone', type: 'TEXT' });
    await defined(admin.client, { key: 'size', type: 'NUMBER' });
    await updateDefinition(owner.client, 'phone', { label: 'Phone', required: false });
    await updateDefinition(owner.client, 'phone', { label: 'Phone' }); // changes nothing
    await reorder(admin.client, ['size']);
    await removeDefinition(admin.client, 'phone');
    expect(await definitionAudit(server.database)).toMatchObject([
      {
        action: 'custom_field.defined',
        actor_id: admin.id,
        metadata: { key: 'phone', definition: { type: 'text', label: 'phone' } },
      },
      { action: 'custom_field.defined', metadata: { key: 'size' } },
      {
        action: 'custom_field.changed',
        actor_id: owner.id,
        metadata: { key: 'phone', changes: { label: { from: 'phone', to: 'Phone' } } },
      },
      {
        action: 'custom_fields.reordered',
        metadata: { order: { from: ['phone', 'size'], to: ['size', 'phone'] } },
      },
      {
        action: 'custom_field.removed',
        metadata: { key: 'phone', definition: { label: 'Phone' } },
      },
    ]);
  });

  test('that cannot be written leaves definitions as they were', async () => {
    const before = await defined(owner.client, { key: 'phone', type: 'TEXT' });
    await defined(owner.client, { key: 'size', type: 'TEXT' });
    await refuseAudit(server.database, 'custom_field%');
    const calls = [
      [defineMutation, { input: { key: 'other', type: 'TEXT' } }],
      [updateMutation, { key: 'phone', input: { label: 'Phone' } }],
      [removeMutation, { key: 'phone' }],
      [reorderMutation, { keys: ['size'] }],
    ] as const;
    for (const [mutation, variables] of calls) {
      const { code } = await owner.client.graphql(mutation, variables);
      expect(code).toBe('INTERNAL_SERVER_ERROR');
    }
    expect((await definitionsSeenBy(owner.client))[0]).toEqual(before);
    expect(await keys()).toEqual(['phone', 'size']);
  });
});

describe('defaults', () => {
  test('are what new users have: of enabled definitions, once, when they register', async () => {
    const { database } = server;
    await defined(owner.client, { key: 'plan', type: 'TEXT', defaultValue: 'free' });
    await defined(owner.client, { key: 'beta', type: 'BOOLEAN', defaultValue: false });
    await defined(owner.client, { key: 'old', type: 'TEXT', defaultValue: 'x', enabled: false });
    await defined(owner.client, { key: 'phone', type: 'TEXT', required: true });
    const person = await registerPerson(server);
    await updateDefinition(owner.client, 'plan', { defaultValue: 'paid' });
    const sql = 'SELECT custom_fields FROM users WHERE id = $1';
    expect(await database.query(sql, [person.id])).toEqual([
      { custom_fields: { plan: 'free', beta: false } },
    ]);
    // Who was there before has none of them.
    expect(await database.query(sql, [admin.id])).toEqual([{ custom_fields: {} }]);
  });
});

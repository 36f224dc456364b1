import { getDirective } from '@graphql-tools/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSchema } from '../../src/schema.ts';
import { call, rootFieldsOf } from '../schema/root-fields.ts';
import { registerPerson, registerUnconfirmed } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { logout, mySessions, whoIs } from './sessions.ts';

let server: TestServer;
let lenient: TestServer;
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  lenient = await startTestServer({ RUN_JOBS: 'false', REQUIRE_CONFIRMED_EMAIL: 'false' });
  await registerPerson(server); // the Owner, who is confirmed at once
  await registerPerson(lenient);
});
afterAll(async () => {
  await server.stop();
  await lenient.stop();
});

// What works before the address is confirmed, beside what is public: sessions and the address.
const open = [
  'currentSession',
  'mySessions',
  'logout',
  'logoutEverywhere',
  'revokeSession',
  'validateEmail',
  'validateEmailChange',
  'requestEmailChange',
];

const schema = createSchema();
const fields = rootFieldsOf(schema).map((one) => {
  const auth = getDirective(schema, one.field, 'auth')?.[0];
  const works = auth === undefined || auth.requires === 'KEY' || open.includes(one.name);
  return { ...one, works };
});

test('there are operations of both kinds', () => {
  expect(fields.filter(({ works }) => !works).length).toBeGreaterThan(5);
  const names = fields.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(open));
});

describe.each(fields)('the $root $name', ({ works, ...one }) => {
  test(works ? 'works before the address is confirmed' : 'is EMAIL_NOT_CONFIRMED', async () => {
    const { client } = await registerUnconfirmed(server);
    const { code, status, errors } = await call(client, one);
    if (works) {
      expect(code).not.toBe('EMAIL_NOT_CONFIRMED');
    } else {
      expect([code, status]).toEqual(['EMAIL_NOT_CONFIRMED', 200]);
      expect(errors).toHaveLength(1);
    }
  });

  test('is not refused for that to a confirmed user', async () => {
    const { client } = await registerPerson(server);
    expect((await call(client, one)).code).not.toBe('EMAIL_NOT_CONFIRMED');
  });

  test('is not refused for that with REQUIRE_CONFIRMED_EMAIL=false', async () => {
    const { client } = await registerUnconfirmed(lenient);
    expect((await call(client, one)).code).not.toBe('EMAIL_NOT_CONFIRMED');
  });
});

test('an unconfirmed user may sign in, see who they are and their sessions, and sign out', async () => {
  const person = await registerUnconfirmed(server);
  expect(await whoIs(person.client)).toBe(person.id);
  expect(await mySessions(person.client)).toHaveLength(1);
  await logout(person.client);
  expect(await whoIs(person.client)).toBeUndefined();
});

test('confirming opens the rest with the next request, in the same session', async () => {
  const person = await registerUnconfirmed(server);
  const asks = async () => (await person.client.graphql('{ roles { name } }')).code;
  expect(await asks()).toBe('EMAIL_NOT_CONFIRMED');
  await server.database.query('UPDATE users SET confirmed_at = now() WHERE id = $1', [person.id]);
  expect(await asks()).toBeUndefined();
});

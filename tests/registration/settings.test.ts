import { afterEach, describe, expect, test } from 'vitest';
import { newEmail, password, registerMutation, registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { createTestDatabase } from '../support/database.ts';
import { register } from './registering.ts';

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function start(...parameters: Parameters<typeof startTestServer>): Promise<TestServer> {
  const server = await startTestServer(...parameters);
  running.push(server);
  return server;
}

test('ALLOW_REGISTRATION=false answers FORBIDDEN, to registering and to asking', async () => {
  const server = await start({ ALLOW_REGISTRATION: 'false' });
  const input = { email: newEmail(), password };
  const refused = await server.client.graphql(registerMutation, { input });
  expect(refused.code).toBe('FORBIDDEN');
  const asked = await server.client.graphql(
    'query ($input: RegisterInput!) { validateRegistration(input: $input) { valid } }',
    { input },
  );
  expect(asked.code).toBe('FORBIDDEN');
  expect(await server.database.query('SELECT FROM users')).toHaveLength(0);
});

describe('DEFAULT_ROLE', () => {
  const addRole = `INSERT INTO roles (id, name, created_at, updated_at)
    VALUES (gen_random_uuid(), $1, now(), now())`;

  test('is what everyone but the first gets, found without regard to case', async () => {
    const server = await start({ DEFAULT_ROLE: 'member' });
    await server.database.query(addRole, ['Member']);
    expect((await register(server.client)).user?.roleNames).toEqual(['Owner']);
    expect((await register(server.client)).user?.roleNames).toEqual(['Member']);
  });

  test('that does not exist leaves newcomers with User, and a warning in the log', async () => {
    const server = await start({ DEFAULT_ROLE: 'Member' });
    await register(server.client);
    const isTold = () => server.logged.some((line) => line.includes('DEFAULT_ROLE names no role'));
    expect(isTold()).toBe(false);
    expect((await register(server.client)).user?.roleNames).toEqual(['User']);
    expect(isTold()).toBe(true);
  });
});

describe('where the account was made', () => {
  const stored = (server: TestServer, id: string | undefined) =>
    server.database.query('SELECT host(registration_ip) AS address FROM users WHERE id = $1', [id]);

  test("the caller's address is stored and shown to the user", async () => {
    const server = await start();
    const person = await registerPerson(server);
    expect(await stored(server, person.id)).toEqual([{ address: '127.0.0.1' }]);
    const { data } = await person.client.graphql(
      '{ me { registration { ipAddress } } currentSession { ipAddress } }',
    );
    expect(data).toEqual({
      me: { registration: { ipAddress: '127.0.0.1' } },
      currentSession: { ipAddress: '127.0.0.1' },
    });
  });

  test('X-Forwarded-For counts only behind a trusted proxy, and only when it is an address', async () => {
    const database = await createTestDatabase();
    const direct = await start({}, database);
    const proxied = await start({ TRUST_PROXY: '1' }, database);
    const from = async (server: TestServer, address: string) => {
      const { user } = await register(server.client.with({ 'x-forwarded-for': address }));
      return (await stored(server, user?.id))[0]?.address;
    };
    expect(await from(direct, '203.0.113.7')).toBe('127.0.0.1');
    expect(await from(proxied, '203.0.113.7')).toBe('203.0.113.7');
    expect(await from(proxied, '198.51.100.1, 203.0.113.7')).toBe('203.0.113.7');
    expect(await from(proxied, '::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(await from(proxied, '2001:DB8::1')).toBe('2001:db8::1');
    expect(await from(proxied, "'; DROP TABLE users; --")).toBe('127.0.0.1');
    for (const server of running.splice(0)) await server.stop();
    await database.drop();
  });
});

test('no input decides roles, confirmation, status, address or id', async () => {
  const server = await start();
  const fields = ['roles', 'role', 'roleNames', 'isActive', 'confirmedAt', 'registrationIp'];
  for (const field of [...fields, 'passwordHash', 'id', 'createdAt', '__proto__']) {
    const given: readonly [string, unknown][] = Object.entries({ email: newEmail(), password });
    const input = Object.fromEntries([...given, [field, 'Owner']]);
    const { code, status } = await server.client.graphql(registerMutation, { input });
    expect([field, code, status]).toEqual([field, 'BAD_USER_INPUT', 400]);
  }
  expect(await server.database.query('SELECT FROM users')).toHaveLength(0);
});

import { afterEach, expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { newEmail, password, registerMutation, type RegisterResult } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function start(...parameters: Parameters<typeof startTestServer>): Promise<TestServer> {
  const server = await startTestServer(...parameters);
  running.push(server);
  return server;
}

function register(server: TestServer, email = newEmail()) {
  return server.client.graphql<RegisterResult>(registerMutation, { input: { email, password } });
}

test('the first account becomes the confirmed Owner, with that role only', async () => {
  const server = await start();
  const { data } = await register(server);
  expect(data.register.user).toMatchObject({ roleNames: ['Owner'] });
  expect(data.register.user?.confirmedAt).not.toBeNull();
});

test('later accounts get the default role and are not confirmed', async () => {
  const server = await start();
  await register(server);
  const { data } = await register(server);
  expect(data.register.user).toMatchObject({ roleNames: ['User'], confirmedAt: null });
});

test('of 50 simultaneous first registrations on two instances one becomes the Owner', async () => {
  const database = await createTestDatabase();
  const servers = [await start({}, database), await start({}, database)];
  const answers = await Promise.all(
    Array.from({ length: 25 }).flatMap(() => servers.map((server) => register(server))),
  );
  const roles = answers.flatMap((answer) => answer.data.register.user?.roleNames);
  expect(roles.filter((role) => role === 'Owner')).toHaveLength(1);
  expect(roles.filter((role) => role === 'User')).toHaveLength(49);
  for (const server of running.splice(0)) await server.stop();
  await database.drop();
});

test('the seat never opens again, not even when no active Owner is left', async () => {
  const server = await start();
  await register(server);
  await server.database.query('UPDATE users SET is_active = false');
  const { data } = await register(server);
  expect(data.register.user?.roleNames).toEqual(['User']);
});

test('OWNER_EMAIL alone may take the seat, whoever comes first', async () => {
  const server = await start({ OWNER_EMAIL: 'Boss@example.com' });
  expect((await register(server)).data.register.user?.roleNames).toEqual(['User']);
  const boss = await register(server, 'boss@EXAMPLE.com');
  expect(boss.data.register.user?.roleNames).toEqual(['Owner']);
});

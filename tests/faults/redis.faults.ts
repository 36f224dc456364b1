import { createClient } from 'redis';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startLine } from '../support/line.ts';
import { poll } from '../support/mailbox.ts';
import { newEmail, password, registerMutation, registerPerson } from '../support/people.ts';
import { freePort, redisKinds, startRedisServer } from '../support/redis-server.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { attempt } from '../rate-limit/limited-servers.ts';
import { brokenInvariants } from './invariants.ts';
import { ask, environment } from './loaded-server.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const limits = { RATE_LIMITS: 'on', RATE_LIMIT_LOGIN: '3/60s', SMTP_URL: '', RUN_JOBS: 'false' };

async function startLimited(redisUrl: string): Promise<TestServer> {
  const server = await startTestServer(
    { ...environment, ...limits, REDIS_URL: redisUrl },
    database,
  );
  onTestFinished(() => server.stop());
  return server;
}

/** Reads go on, credentials are refused as busy and change nothing, all of it within a moment. */
async function expectClosedDoor(
  server: TestServer,
  person: { email: string; client: TestServer['client'] },
) {
  const users = await database.query('SELECT FROM users');
  const startedAt = performance.now();
  const [me, signIn, registration] = await Promise.all([
    person.client.graphql('{ me { id } }'),
    attempt(server.client, person.email, password),
    server.client.graphql(registerMutation, { input: { email: newEmail(), password } }),
  ]);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
  expect(me.errors).toEqual([]);
  for (const refused of [signIn, registration]) {
    expect(refused).toMatchObject({ status: 503, code: 'SERVER_BUSY' });
  }
  expect(await database.query('SELECT FROM users')).toHaveLength(users.length);
  for (const path of ['/healthz', '/readyz']) expect((await ask(server, path)).status).toBe(200);
}

const opensAgain = (server: TestServer, email: string) =>
  poll(15_000, 'signing in stayed refused', async () =>
    (await attempt(server.client, email, password)).code === undefined ? true : undefined,
  );

test('Redis stopped and started again, empty', async () => {
  const redis = await startRedisServer();
  const server = await startLimited(redis.url);
  const person = await registerPerson(server, { email: newEmail() });
  await redis.stop();
  await expectClosedDoor(server, person);
  const again = await startRedisServer({ port: redis.port });
  onTestFinished(() => again.stop());
  await opensAgain(server, person.email);
  expect(await brokenInvariants(database)).toEqual({});
});

test('Redis frozen: its connections stay open and nothing comes of them', async () => {
  const redis = await startRedisServer();
  const line = await startLine(redis.port);
  onTestFinished(async () => {
    await line.close();
    await redis.stop();
  });
  const server = await startLimited(`redis://127.0.0.1:${line.port}`);
  const person = await registerPerson(server, { email: newEmail() });
  line.fallSilent();
  await expectClosedDoor(server, person);
  line.speak();
  await opensAgain(server, person.email);
  expect(await brokenInvariants(database)).toEqual({});
});

// The stand-in has no scripts to forget.
if (redisKinds.includes('real')) {
  test('Redis flushed, scripts too: limits begin anew, and hold', async () => {
    const redis = await startRedisServer({ kind: 'real', port: await freePort() });
    const server = await startLimited(redis.url);
    const person = await registerPerson(server, { email: newEmail() });
    const client = await createClient({ url: redis.url }).connect();
    onTestFinished(async () => {
      client.destroy();
      await redis.stop();
    });
    const passed = async () => {
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => attempt(server.client, person.email)),
      );
      return answers.filter(({ code }) => code !== 'RATE_LIMITED').length;
    };
    expect(await passed()).toBe(3);
    await client.flushAll();
    await client.scriptFlush();
    expect(await passed()).toBe(3);
  });
}

import { expect, onTestFinished, test } from 'vitest';
import { newEmail, password, registerMutation, registerPerson } from '../support/people.ts';
import { startRedisServer } from '../support/redis-server.ts';
import { startTestServer } from '../support/server.ts';
import { attempt } from './limited-servers.ts';

test('without its store reads go on, credentials are refused as busy, and both end by themselves', async () => {
  const redis = await startRedisServer();
  let stopped: Promise<void> | undefined;
  const stopRedis = () => (stopped ??= redis.stop());
  onTestFinished(stopRedis);
  const server = await startTestServer({ RATE_LIMITS: 'on', REDIS_URL: redis.url });
  onTestFinished(() => server.stop());
  const person = await registerPerson(server);
  const signIn = () => attempt(server.client, person.email, password);
  await stopRedis();

  const me = await person.client.graphql<{ me: { id: string } }>('{ me { id } mySessions { id } }');
  expect(me.errors).toEqual([]);
  expect(me.data.me.id).toBe(person.id);

  const input = { email: newEmail(), password };
  for (const refused of [
    await signIn(),
    await server.client.graphql(registerMutation, { input }),
  ]) {
    expect(refused).toMatchObject({ status: 503, code: 'SERVER_BUSY' });
  }
  expect(await server.database.query('SELECT FROM users')).toHaveLength(1);

  const again = await startRedisServer({ port: redis.port });
  onTestFinished(() => again.stop());
  await expect.poll(async () => (await signIn()).code, { timeout: 10_000 }).toBeUndefined();
});

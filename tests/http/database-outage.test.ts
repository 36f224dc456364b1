import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { loginMutation, password, registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** What `/readyz` answers. */
const ready = async (server: TestServer) => (await fetch(`${server.url}/readyz`)).status;

test('a healthy server says so, and shows its metrics', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.stop());
  const health = await fetch(`${server.url}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  expect(health.headers.get('cache-control')).toBe('no-store');
  const readiness = await fetch(`${server.url}/readyz`);
  expect([readiness.status, await readiness.json()]).toEqual([
    200,
    { status: 'ready', database: 'ok' },
  ]);
  const metrics = await fetch(`${server.url}/metrics`);
  expect(metrics.headers.get('content-type')).toContain('text/plain');
  const text = await metrics.text();
  for (const name of ['process_cpu_seconds_total', 'gatehouse_password_queue_length']) {
    expect(text).toMatch(new RegExp(`^${name} [\\d.]+$`, 'm'));
  }
});

test('without its database the server lives, is not ready and is busy; both end by themselves', async () => {
  const database = await createTestDatabase();
  const control = await createTestDatabase({ empty: true });
  const server = await startTestServer({}, database);
  onTestFinished(async () => {
    await server.stop();
    await database.drop();
    await control.drop();
  });
  const person = await registerPerson(server);
  const name = new URL(database.url).pathname.slice(1);
  const me = () => person.client.graphql('{ me { id } }');
  const signIn = () =>
    server.client.graphql(loginMutation, { input: { email: person.email, password } });
  expect(await ready(server)).toBe(200);

  await control.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await control.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
    name,
  ]);
  const started = performance.now();
  const answers = await Promise.all([...Array.from({ length: 15 }, me), signIn(), signIn()]);
  for (const answer of answers) expect(answer).toMatchObject({ status: 503, code: 'SERVER_BUSY' });
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(JSON.stringify(answers)).not.toMatch(new RegExp(`${name}|55000|connect`));
  expect(await ready(server)).toBe(503);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);

  await control.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  await expect.poll(() => ready(server), { timeout: 10_000 }).toBe(200);
  expect((await me()).errors).toEqual([]);
  expect((await signIn()).errors).toEqual([]);
});

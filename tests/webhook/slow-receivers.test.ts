import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scrape, valueOf } from '../operations/metrics.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { reachable, startReceiver, type Receiver } from './receiver.ts';
import { createWebhook, made } from './webhook-operations.ts';

let server: TestServer;
let owner: Person;
const hanging: Receiver[] = [];
const healthy: Receiver[] = [];

beforeAll(async () => {
  server = await startTestServer(reachable);
  owner = await registerPerson(server);
  // The hanging ones first: of one event they are told before the others.
  for (const kind of [hanging, healthy]) {
    for (let one = 0; one < 2; one += 1) {
      const receiver = await startReceiver();
      kind.push(receiver);
      const events = ['USER_CREATED', 'USER_DEACTIVATED', 'USER_ACTIVATED'];
      made(await createWebhook(owner.client, { url: receiver.url, events }));
    }
  }
  for (const receiver of hanging) receiver.hang();
});
afterAll(async () => {
  await Promise.all([...hanging, ...healthy].map((receiver) => receiver.stop()));
  await server.stop();
});

async function setActive(id: string, isActive: boolean): Promise<void> {
  await owner.client.graphql(
    `mutation ($id: ID!, $isActive: Boolean!) {
      updateUserStatus(userId: $id, isActive: $isActive) { errors { code } } }`,
    { id, isActive },
  );
}

test('receivers that answer nothing hold up no other, whose order stays that of each user', async () => {
  const most = hanging.map(() => 0);
  const watch = setInterval(() => {
    for (const [at, { open }] of hanging.entries()) most[at] = Math.max(most[at] ?? 0, open);
  }, 10);
  const people = await Promise.all(Array.from({ length: 12 }, () => registerPerson(server)));
  const begun = performance.now();
  for (const isActive of [false, true]) {
    await Promise.all(people.map(({ id }) => setActive(id, isActive)));
  }
  for (const receiver of healthy) {
    for (const { id } of people) {
      const types = (await receiver.about(id, 3)).map(({ event }) => event.type);
      expect(types).toEqual(['user.created', 'user.deactivated', 'user.activated']);
    }
  }
  // A receiver has 15 seconds to answer, and none of those had passed.
  expect(performance.now() - begun).toBeLessThan(8_000);
  clearInterval(watch);
  // They are tried, a few at a time each.
  expect(most).toEqual([4, 4]);
});

test('one that has let a request run into its end is tried one at a time', async () => {
  await expect.poll(() => hanging.map(({ open }) => open), { timeout: 30_000 }).toEqual([1, 1]);
  // What waits for them is passed over, not taken and given back all the time.
  const tries = async () =>
    valueOf(await scrape(server), 'gatehouse_job_duration_seconds_count', {
      task: 'deliver-webhook',
    }) ?? NaN;
  const before = await tries();
  await pause(1_000);
  expect((await tries()) - before).toBeLessThan(10);
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditOf } from '../audit/audit.ts';
import { poll } from '../support/mailbox.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { reachable, startReceiver, verify, type Receiver } from './receiver.ts';
import {
  createWebhook,
  deleteWebhook,
  deliveriesOf,
  listWebhooks,
  made,
  redeliver,
  retryDeliveries,
  rotateSecret,
  testWebhook,
  updateWebhook,
  type Delivery,
  type Webhook,
} from './webhook-operations.ts';

let server: TestServer;
let owner: Person;
beforeAll(async () => {
  server = await startTestServer(reachable);
  owner = await registerPerson(server);
});
afterAll(() => server.stop());

let receiver: Receiver;
let webhook: Webhook;
let secret: string;
beforeEach(async () => {
  receiver = await startReceiver();
  const events = ['USER_CREATED', 'USER_UPDATED', 'USER_DEACTIVATED', 'USER_ACTIVATED'];
  ({ webhook, secret } = made(await createWebhook(owner.client, { url: receiver.url, events })));
});
afterEach(async () => {
  await deleteWebhook(owner.client, webhook.id);
  await receiver.stop();
});

/** The log, oldest first, once every delivery in it is as `wanted`. */
function log(wanted: (delivery: Delivery) => boolean): Promise<Delivery[]> {
  return poll(20_000, 'the deliveries were not as expected', async () => {
    const deliveries = await deliveriesOf(owner.client, webhook.id);
    return deliveries.length > 0 && deliveries.every(wanted) ? deliveries.reverse() : undefined;
  });
}

/** The log once everything has arrived, with what waits for another try tried at once. */
function logWhenDelivered(): Promise<Delivery[]> {
  return poll(30_000, 'not everything was delivered', async () => {
    await retryDeliveries(server);
    const deliveries = await deliveriesOf(owner.client, webhook.id);
    return deliveries.every(({ state }) => state === 'DELIVERED') ? deliveries : undefined;
  });
}

async function setActive(id: string, isActive: boolean): Promise<void> {
  const { data } = await owner.client.graphql<{ updateUserStatus: { errors: unknown[] } }>(
    `mutation ($id: ID!, $isActive: Boolean!) {
      updateUserStatus(userId: $id, isActive: $isActive) { errors { code } } }`,
    { id, isActive },
  );
  expect(data.updateUserStatus.errors).toEqual([]);
}

describe('while a receiver is down', () => {
  test('everything waits, and arrives in the order of each user when it is back', async () => {
    receiver.answerWith(503);
    const people = [await registerPerson(server), await registerPerson(server)];
    for (const isActive of [false, true, false]) {
      for (const { id } of people) await setActive(id, isActive);
    }
    await poll(20_000, 'nobody was tried', async () =>
      people.every(({ id }) => receiver.received.some(({ event }) => event.data.id === id))
        ? true
        : undefined,
    );
    // What comes later waits for what came first: so far nobody was told anything else.
    expect(new Set(receiver.received.map(({ event }) => event.type))).toEqual(
      new Set(['user.created']),
    );
    const tried = receiver.received.length;
    receiver.answerWith(204);
    await logWhenDelivered();
    for (const { id } of people) {
      const arrived = receiver.received.slice(tried).filter(({ event }) => event.data.id === id);
      expect(arrived.map(({ event }) => [event.type, event.data.isActive])).toEqual([
        ['user.created', true],
        ['user.deactivated', false],
        ['user.activated', true],
        ['user.deactivated', false],
      ]);
    }
  });

  test('one that does not take what is about one user is told of the others', async () => {
    const [stuck, fine] = [await registerPerson(server), await registerPerson(server)];
    await receiver.about(fine.id, 1);
    receiver.answerWith(({ event }) => (event.data.id === stuck.id ? 500 : 200));
    await setActive(stuck.id, false);
    await setActive(stuck.id, true);
    await setActive(fine.id, false);
    await receiver.about(fine.id, 2);
    expect(receiver.received.filter(({ event }) => event.type === 'user.activated')).toEqual([]);
  });

  test('every try has the id and the body of the first, and the log tells what it came to', async () => {
    receiver.answerWith(500);
    await testWebhook(owner.client, webhook.id);
    const [waiting] = await log(({ attempts }) => attempts === 1);
    expect(waiting).toMatchObject({
      state: 'PENDING',
      statusCode: 500,
      error: 'Answered 500.',
      finishedAt: null,
      durationMs: expect.any(Number) as number,
    });
    const wait = Date.parse(waiting?.nextTryAt ?? '') - Date.parse(waiting?.lastTriedAt ?? '');
    expect(wait).toBeGreaterThanOrEqual(5_000);
    expect(wait).toBeLessThan(6_500);
    receiver.answerWith(200);
    const [done] = await logWhenDelivered();
    expect(done).toMatchObject({ statusCode: 200, attempts: 2, error: null, nextTryAt: null });
    const [first, second] = receiver.received;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(done?.eventId);
    expect(first?.headers['webhook-id']).toBe(done?.eventId);
  });

  test('it is given up after eight tries, and what comes next is tried', async () => {
    receiver.answerWith(({ event }) => (event.type === 'user.created' ? 500 : 200));
    const { id } = await registerPerson(server);
    await receiver.about(id, 1);
    await setActive(id, false);
    await server.database.query(
      `UPDATE webhook_deliveries SET attempts = 7 WHERE webhook_id = $1 AND type = 'user.created'`,
      [webhook.id],
    );
    await poll(20_000, 'it was not given up', async () => {
      await retryDeliveries(server);
      return (await receiver.about(id, 0, 'user.deactivated')).length === 1 ? true : undefined;
    });
    const [created] = await log(({ state }) => state !== 'PENDING');
    expect(created).toMatchObject({ state: 'FAILED', attempts: 8, nextTryAt: null });
  });

  test('one that cannot be reached at all is noted with the reason', async () => {
    await receiver.stop();
    await testWebhook(owner.client, webhook.id);
    const [waiting] = await log(({ attempts }) => attempts === 1);
    expect(waiting).toMatchObject({ state: 'PENDING', statusCode: null });
    expect(waiting?.error).toContain('ECONNREFUSED');
  });
});

describe('what waits for another try', () => {
  let id: string;
  beforeEach(async () => {
    receiver.answerWith(500);
    await testWebhook(owner.client, webhook.id);
    const [waiting] = await log(({ attempts }) => attempts === 1);
    id = waiting?.id ?? '';
    receiver.answerWith(200);
    const later = `UPDATE graphile_worker._private_jobs SET run_at = now() + interval '1 hour'`;
    expect(await jobs(later)).toHaveLength(1);
  });

  const jobs = (change: string) =>
    server.database.query(
      `${change} WHERE key = 'webhook-delivery:${id}' RETURNING run_at::text AS "runAt"`,
    );

  test.each([
    ['was deleted', 'DELETE FROM graphile_worker._private_jobs'],
    ['was given up', 'UPDATE graphile_worker._private_jobs SET attempts = max_attempts'],
  ])('is found by a sweep when its job %s', async (_, lose) => {
    expect(await jobs(lose)).toHaveLength(1);
    await server.database.query(
      `UPDATE webhook_deliveries SET next_try_at = now() - interval '11 minutes' WHERE id = $1`,
      [id],
    );
    await server.database.query(
      `SELECT graphile_worker.add_job('sweep', job_key => 'sweep', run_at => now())`,
    );
    await log(({ state }) => state === 'DELIVERED');
  });

  test('is left by a sweep to the worker that is at its last try', async () => {
    const taken = `UPDATE graphile_worker._private_jobs
      SET attempts = max_attempts, locked_at = now(), locked_by = 'another'`;
    expect(await jobs(taken)).toHaveLength(1);
    await server.database.query(
      `UPDATE webhook_deliveries SET next_try_at = now() - interval '11 minutes' WHERE id = $1`,
      [id],
    );
    await server.database.query(
      `SELECT graphile_worker.add_job('sweep', job_key => 'sweep', run_at => now())`,
    );
    await poll(20_000, 'nothing was swept', async () => {
      const due = await server.database.query(
        `SELECT FROM graphile_worker.jobs WHERE key = 'sweep' AND run_at <= now()`,
      );
      return due.length === 0 ? true : undefined;
    });
    expect(receiver.received).toHaveLength(1);
    const [job] = await server.database.query<{ count: number }>(
      `SELECT count(*)::int FROM graphile_worker._private_jobs
       WHERE payload ->> 'deliveryId' = '${id}'`,
    );
    expect(job?.count).toBe(1);
  });

  test('goes on waiting when the webhook is told of other events', async () => {
    const touch = 'UPDATE graphile_worker._private_jobs SET priority = priority';
    const before = await jobs(touch);
    expect(before).toHaveLength(1);
    made(await updateWebhook(owner.client, webhook.id, { events: ['USER_CREATED'] }));
    expect(await jobs(touch)).toEqual(before);
  });

  test('is tried at once when the webhook gets another URL', async () => {
    made(await updateWebhook(owner.client, webhook.id, { url: `${receiver.url}?mended` }));
    await log(({ state }) => state === 'DELIVERED');
  });
});

test('a redirect is not followed', async () => {
  receiver.answerWith(302);
  await testWebhook(owner.client, webhook.id);
  const [waiting] = await log(({ attempts }) => attempts === 1);
  expect(waiting?.error).toBe('Answered 302; redirects are not followed.');
  expect(receiver.received).toHaveLength(1);
});

test('what was delivered is delivered once more when asked for, under the same id', async () => {
  const { id } = await registerPerson(server);
  const [first] = await receiver.about(id, 1);
  const [delivery] = await log(({ state }) => state === 'DELIVERED');
  const { data } = await redeliver(owner.client, delivery?.id ?? '');
  expect(data.outcome).toMatchObject({ delivery: { state: 'PENDING', attempts: 0 }, errors: [] });
  const [, second] = await receiver.about(id, 2);
  expect(second?.body).toBe(first?.body);
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
});

test('what waits is tried at once when asked for', async () => {
  receiver.answerWith(500);
  await testWebhook(owner.client, webhook.id);
  const [waiting] = await log(({ attempts }) => attempts === 1);
  receiver.answerWith(200);
  await redeliver(owner.client, waiting?.id ?? '');
  await log(({ state }) => state === 'DELIVERED');
});

test('after a rotation both secrets verify for a while, and then the new one alone', async () => {
  const { secret: next } = made(await rotateSecret(owner.client, webhook.id));
  await testWebhook(owner.client, webhook.id);
  await log(({ state }) => state === 'DELIVERED');
  const [during] = receiver.received;
  if (during === undefined) throw new Error('Nothing arrived.');
  for (const one of [secret, next]) expect(verify(one, during)).toEqual(during.event);
  await server.database.query('UPDATE webhooks SET overlaps_until = now() WHERE id = $1', [
    webhook.id,
  ]);
  await testWebhook(owner.client, webhook.id);
  await log(({ state }) => state === 'DELIVERED');
  const after = receiver.received[1];
  if (after === undefined) throw new Error('Nothing arrived.');
  expect(verify(next, after)).toEqual(after.event);
  expect(() => verify(secret, after)).toThrow();
});

test('410 disables a webhook; enabled again, it gets what waited and what comes', async () => {
  const { id } = await registerPerson(server);
  await receiver.about(id, 1);
  receiver.answerWith(500);
  await setActive(id, false);
  await log(({ type, attempts }) => type === 'user.created' || attempts === 1);
  receiver.answerWith(410);
  await testWebhook(owner.client, webhook.id);
  await log(({ type, state }) => type !== 'webhook.test' || state === 'FAILED');
  const [disabled] = await listWebhooks(owner.client);
  expect(disabled).toMatchObject({
    enabled: false,
    disabledReason: 'The receiver answered 410 Gone.',
  });
  const entries = await auditOf(server.database, null);
  expect(entries.at(-1)).toMatchObject({ action: 'webhook.disabled', actor_type: 'system' });
  receiver.answerWith(200);
  await setActive(id, true); // nobody is told
  const reached = receiver.received.length;
  await retryDeliveries(server);
  made(await updateWebhook(owner.client, webhook.id, { enabled: true }));
  await setActive(id, false);
  // One may come twice, and is the same then: the try that waited can be under way when it is enabled.
  const types = await poll(20_000, 'what waited did not arrive', async () => {
    const came = receiver.received.slice(reached);
    const events = new Map(came.map(({ headers, event }) => [headers['webhook-id'], event.type]));
    return events.size >= 2 ? [...events.values()] : undefined;
  });
  expect(types).toEqual(['user.deactivated', 'user.deactivated']);
});

test('a webhook whose secret cannot be opened says so, and works again when it is rotated', async () => {
  await server.database.query(
    `UPDATE webhooks SET sealed_secret = '\\x00' || sealed_secret WHERE id = $1`,
    [webhook.id],
  );
  await testWebhook(owner.client, webhook.id);
  const [waiting] = await log(({ attempts }) => attempts === 1);
  expect(waiting?.error).toContain('rotate it');
  const rotated = made(await rotateSecret(owner.client, webhook.id, { graceSeconds: 0 }));
  await logWhenDelivered();
  expect(receiver.received[0] && verify(rotated.secret, receiver.received[0])).toBeDefined();
});

test('deliveries are swept when their time is over, but for what is still being tried', async () => {
  await testWebhook(owner.client, webhook.id);
  await log(({ state }) => state === 'DELIVERED');
  receiver.answerWith(500);
  await testWebhook(owner.client, webhook.id);
  await poll(20_000, 'it was not tried', async () =>
    receiver.received.length === 2 ? true : undefined,
  );
  await server.database.query(
    `UPDATE webhook_deliveries SET created_at = now() - interval '31 days' WHERE webhook_id = $1`,
    [webhook.id],
  );
  await server.database.query(
    `SELECT graphile_worker.add_job('sweep', job_key => 'sweep', run_at => now())`,
  );
  await poll(20_000, 'nothing was swept', async () =>
    (await deliveriesOf(owner.client, webhook.id)).length === 1 ? true : undefined,
  );
  expect((await log(() => true))[0]?.state).toBe('PENDING');
});

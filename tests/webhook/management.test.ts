import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { scopes } from '../../src/actor.ts';
import { makeKey } from '../api-key/keys.ts';
import { auditOf } from '../audit/audit.ts';
import { missingId, refuseAudit } from '../role/role-operations.ts';
import { registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  createWebhook,
  deleteWebhook,
  deliveriesOf,
  listWebhooks,
  made,
  redeliver,
  rotateSecret,
  testWebhook,
  updateWebhook,
  type Wanted,
} from './webhook-operations.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  staff = await registerStaff(server);
});
beforeEach(() => server.database.query('DELETE FROM audit_events'));
afterAll(() => server.stop());

const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
const countWebhooks = async () => (await server.database.query('SELECT FROM webhooks')).length;

describe('createWebhook', () => {
  test('makes a secret of 32 bytes, tells it once and keeps it encrypted', async () => {
    const { webhook, secret } = made(await createWebhook(staff.owner.client));
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(webhook).toMatchObject({
      url: 'https://example.com/hook',
      events: ['USER_CREATED'],
      enabled: true,
      createdBy: { id: staff.owner.id },
    });
    const rows = await server.database.query<{ sealed_secret: Buffer }>('SELECT * FROM webhooks');
    expect(rows[0]?.sealed_secret.includes(secret)).toBe(false);
    const log = await server.database.query('SELECT metadata FROM audit_events');
    for (const text of [rows, log, await listWebhooks(staff.owner.client), server.logged]) {
      expect(JSON.stringify(text)).not.toContain(secret.slice(6));
    }
  });

  test.each([24, 64])('takes a secret of %i bytes', async (bytes) => {
    const secret = secretOf(bytes);
    expect(made(await createWebhook(staff.owner.client, { secret })).secret).toBe(secret);
  });

  test('is audited with the origin alone, for paths are often secrets', async () => {
    const url = 'https://hooks.example.com/T000/B000/very-secret?token=x';
    const { webhook } = made(await createWebhook(staff.owner.client, { url }));
    const [entry] = await auditOf(server.database, null);
    expect(entry).toMatchObject({
      action: 'webhook.created',
      actor_id: staff.owner.id,
      metadata: { webhookId: webhook.id, origin: 'https://hooks.example.com' },
    });
    expect(JSON.stringify(entry)).not.toContain('very-secret');
  });

  test.each<[string, Wanted, string, string]>([
    ['a blank URL', { url: ' ' }, 'REQUIRED', 'url'],
    ['what is no URL', { url: 'example' }, 'INVALID', 'url'],
    ['a URL with NUL', { url: 'https://example.com/\0' }, 'INVALID', 'url'],
    ['a URL of 2,001 characters', { url: `https://x.org/${'x'.repeat(1987)}` }, 'TOO_LONG', 'url'],
    ['a URL without TLS', { url: 'http://example.com/' }, 'INVALID', 'url'],
    ['another protocol', { url: 'ftp://example.com/' }, 'INVALID', 'url'],
    ['a password in the URL', { url: 'https://me:secret@example.com/' }, 'INVALID', 'url'],
    ['a private address', { url: 'https://10.1.2.3/' }, 'INVALID', 'url'],
    ['loopback as a number', { url: 'https://2130706433/' }, 'INVALID', 'url'],
    ['loopback in IPv6', { url: 'https://[::ffff:127.0.0.1]/' }, 'INVALID', 'url'],
    ['no event', { events: [] }, 'REQUIRED', 'events'],
    ['an event twice', { events: ['USER_CREATED', 'USER_CREATED'] }, 'INVALID', 'events'],
    ['a secret of 23 bytes', { secret: secretOf(23) }, 'INVALID', 'secret'],
    ['a secret of 65 bytes', { secret: secretOf(65) }, 'INVALID', 'secret'],
    ['a secret without its prefix', { secret: secretOf(32).slice(6) }, 'INVALID', 'secret'],
    ['a secret that is no base64', { secret: `whsec_${'ä'.repeat(40)}` }, 'INVALID', 'secret'],
  ])('refuses %s', async (_, wanted, code, field) => {
    const before = await countWebhooks();
    const { data } = await createWebhook(staff.owner.client, wanted);
    expect(data.outcome).toMatchObject({ webhook: null, secret: null, errors: [{ code, field }] });
    expect(await countWebhooks()).toBe(before);
  });

  test('makes nothing when its audit entry cannot be written', async () => {
    await refuseAudit(server.database);
    const before = await countWebhooks();
    expect((await createWebhook(staff.owner.client)).code).toBe('INTERNAL_SERVER_ERROR');
    expect(await countWebhooks()).toBe(before);
  });

  test('makes fifty at most', async () => {
    await server.database.query(
      `INSERT INTO webhooks (id, url, events, sealed_secret, created_at, updated_at)
       SELECT gen_random_uuid(), 'https://example.org', '{}', '', now(), now()
       FROM generate_series(1, 50)`,
    );
    const { data } = await createWebhook(staff.owner.client);
    await server.database.query(`DELETE FROM webhooks WHERE url = 'https://example.org'`);
    expect(data.outcome?.errors).toMatchObject([{ code: 'TOO_LONG', field: null }]);
  });
});

describe('updateWebhook', () => {
  test('changes what is given and leaves the rest', async () => {
    const { webhook } = made(await createWebhook(staff.owner.client));
    const change = { events: ['USER_DELETED'], enabled: false };
    const { webhook: changed, secret } = made(
      await updateWebhook(staff.owner.client, webhook.id, change),
    );
    expect(changed).toEqual({ ...webhook, ...change });
    expect(secret).toBe('');
    expect((await auditOf(server.database, null)).map(({ action }) => action)).toEqual([
      'webhook.created',
      'webhook.updated',
    ]);
  });

  test('refuses what createWebhook refuses', async () => {
    const { webhook } = made(await createWebhook(staff.owner.client));
    const change = { url: 'https://127.0.0.1/', events: [] };
    const { data } = await updateWebhook(staff.owner.client, webhook.id, change);
    expect(data.outcome?.errors).toMatchObject([
      { code: 'INVALID', field: 'url' },
      { code: 'REQUIRED', field: 'events' },
    ]);
    expect(await listWebhooks(staff.owner.client)).toContainEqual(webhook);
  });
});

test('rotateWebhookSecret tells a new secret and for how long the other goes on', async () => {
  const { webhook, secret } = made(await createWebhook(staff.owner.client));
  const rotated = made(await rotateSecret(staff.owner.client, webhook.id));
  expect(rotated.secret).not.toBe(secret);
  const inADay = Date.now() + 86_400_000;
  expect(Math.abs(Date.parse(rotated.webhook.overlapsUntil ?? '') - inADay)).toBeLessThan(60_000);
  const given = { graceSeconds: 0, secret: secretOf(40) };
  const again = made(await rotateSecret(staff.owner.client, webhook.id, given));
  expect(again).toMatchObject({ secret: given.secret, webhook: { overlapsUntil: null } });
});

test.each([
  [{ graceSeconds: -1 }, 'graceSeconds'],
  [{ graceSeconds: 604_801 }, 'graceSeconds'],
  [{ secret: 'whsec_short' }, 'secret'],
])('rotateWebhookSecret refuses %o', async (given, field) => {
  const { webhook } = made(await createWebhook(staff.owner.client));
  const { data } = await rotateSecret(staff.owner.client, webhook.id, given);
  expect(data.outcome).toMatchObject({ secret: null, errors: [{ code: 'INVALID', field }] });
});

test('deleteWebhook takes the log of deliveries with it', async () => {
  const { webhook } = made(await createWebhook(staff.owner.client));
  await testWebhook(staff.owner.client, webhook.id);
  expect(await deliveriesOf(staff.owner.client, webhook.id)).toMatchObject([
    { type: 'webhook.test', state: 'PENDING', attempts: 0 },
  ]);
  made(await deleteWebhook(staff.owner.client, webhook.id));
  expect(await deliveriesOf(staff.owner.client, webhook.id)).toEqual([]);
  expect(await listWebhooks(staff.owner.client)).not.toContainEqual(webhook);
});

test.each([
  ['updateWebhook', (id: string) => updateWebhook(staff.owner.client, id, { enabled: true }), 'id'],
  ['rotateWebhookSecret', (id: string) => rotateSecret(staff.owner.client, id), 'id'],
  ['deleteWebhook', (id: string) => deleteWebhook(staff.owner.client, id), 'id'],
  ['testWebhook', (id: string) => testWebhook(staff.owner.client, id), 'id'],
  ['redeliverWebhook', (id: string) => redeliver(staff.owner.client, id), 'deliveryId'],
])('%s refuses what there is not', async (_, call, field) => {
  for (const id of [missingId, 'nothing']) {
    expect((await call(id)).data.outcome?.errors).toMatchObject([{ code: 'NOT_FOUND', field }]);
  }
});

test('a disabled webhook is neither tried nor told anything again', async () => {
  const { client } = staff.owner;
  const { webhook } = made(await createWebhook(client));
  const delivery = (await testWebhook(client, webhook.id)).data.outcome?.delivery;
  await updateWebhook(client, webhook.id, { enabled: false });
  for (const answer of [
    await testWebhook(client, webhook.id),
    await redeliver(client, delivery?.id ?? ''),
  ]) {
    expect(answer.data.outcome?.errors).toMatchObject([{ code: 'INVALID' }]);
  }
});

test('the log of deliveries is paged', async () => {
  const { client } = staff.owner;
  const { webhook } = made(await createWebhook(client));
  for (let time = 0; time < 3; time += 1) await testWebhook(client, webhook.id);
  const query = `query ($id: ID!, $page: Int) {
    webhookDeliveries(webhookId: $id, page: $page, pageSize: 2) {
      nodes { id } totalCount totalPages page pageSize } }`;
  const pages = await Promise.all(
    [1, 2].map((page) =>
      client.graphql<{ webhookDeliveries: { nodes: { id: string }[] } }>(query, {
        id: webhook.id,
        page,
      }),
    ),
  );
  const ids = pages.flatMap(({ data }) => data.webhookDeliveries.nodes.map(({ id }) => id));
  expect(ids).toEqual((await deliveriesOf(client, webhook.id)).map(({ id }) => id));
  expect(pages[1]?.data.webhookDeliveries).toMatchObject({ totalCount: 3, totalPages: 2, page: 2 });
});

test.each([
  '{ webhooks { id } }',
  `{ webhookDeliveries(webhookId: "${missingId}") { page } }`,
  'mutation { createWebhook(url: "https://x.org", events: [USER_CREATED]) { secret } }',
  'mutation { updateWebhook(id: "x", enabled: false) { secret } }',
  'mutation { rotateWebhookSecret(id: "x") { secret } }',
  'mutation { deleteWebhook(id: "x") { secret } }',
  'mutation { testWebhook(id: "x") { errors { code } } }',
  'mutation { redeliverWebhook(deliveryId: "x") { errors { code } } }',
])('webhooks are for Owners and nobody else: %s', async (document) => {
  const key = await makeKey(server, ...scopes);
  expect((await server.client.graphql(document)).code).toBe('UNAUTHENTICATED');
  for (const { client } of [staff.admin, staff.user, key]) {
    expect((await client.graphql(document)).code).toBe('FORBIDDEN');
  }
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { scopes } from '../../src/actor.ts';
import { auditOf } from '../audit/audit.ts';
import { refuseAudit } from '../role/role-operations.ts';
import { commitDuring } from '../support/locks.ts';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { production, startTestServer, type TestServer } from '../support/server.ts';
import { makeKey } from './keys.ts';
import { createKey, ending, isLetIn, issued, listKeys, type Wanted } from './key-operations.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  staff = await registerStaff(server);
});
beforeEach(() => server.database.query('DELETE FROM audit_events'));
afterAll(() => server.stop());

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
const countKeys = async () => (await server.database.query('SELECT FROM api_keys')).length;

describe('createApiKey', () => {
  test('tells the secret of a new key, which lets a server in at once', async () => {
    const expiresAt = tomorrow();
    const wanted = { name: '  Shop ', scopes: ['TOKENS_READ', 'USERS_READ'], expiresAt };
    const { key, secret } = issued(await createKey(staff.owner.client, wanted));
    expect(secret).toMatch(/^gh_k_[A-Za-z0-9_-]{64}$/);
    expect(key).toMatchObject({
      name: 'Shop',
      scopes: ['TOKENS_READ', 'USERS_READ'],
      addresses: null,
      createdBy: { id: staff.owner.id },
      lastUsedAt: null,
      revokedAt: null,
    });
    expect(key.prefix).toBe(secret.slice(0, 12));
    expect(Date.parse(key.expiresAt ?? '')).toBe(Date.parse(expiresAt));
    expect(Math.abs(Date.parse(key.createdAt) - Date.now())).toBeLessThan(60_000);
    expect(await isLetIn(server.client, secret)).toBe(true);
    expect((await server.client.withToken(secret).graphql('{ users { page } }')).errors).toEqual(
      [],
    );
  });

  test('keeps the digest of the secret and never the secret, nor tells it again', async () => {
    const { key, secret } = issued(await createKey(staff.owner.client));
    const [row] = await server.database.query<{ key_hash: Buffer; whole: string }>(
      'SELECT key_hash, k::text AS whole FROM api_keys k WHERE id = $1',
      [key.id],
    );
    expect(row?.key_hash).toEqual(createHash('sha256').update(secret).digest());
    expect(row?.whole).not.toContain(secret.slice(12));
    const log = await server.database.query('SELECT metadata::text FROM audit_events');
    for (const text of [log, await listKeys(staff.owner.client), server.logged]) {
      expect(JSON.stringify(text)).not.toContain(secret.slice(12));
    }
  });

  test('is audited with what the key may do', async () => {
    const expiresAt = tomorrow();
    const wanted = { expiresAt, addresses: ['192.0.2.1'] };
    const { key } = issued(await createKey(staff.owner.client, wanted));
    expect(await auditOf(server.database, null)).toMatchObject([
      {
        action: 'api_key.created',
        actor_type: 'user',
        actor_id: staff.owner.id,
        metadata: {
          keyId: key.id,
          name: 'Shop',
          prefix: key.prefix,
          scopes: ['TOKENS_READ'],
          expiresAt,
          addresses: ['192.0.2.1/32'],
        },
      },
    ]);
  });

  test.each<[string, Wanted, string, string]>([
    ['a blank name', { name: ' \t' }, 'REQUIRED', 'name'],
    ['a name of 101 characters', { name: 'x'.repeat(101) }, 'TOO_LONG', 'name'],
    ['a name with NUL', { name: 'a\0b' }, 'INVALID', 'name'],
    ['no scope', { scopes: [] }, 'REQUIRED', 'scopes'],
    ['a scope twice', { scopes: ['TOKENS_READ', 'TOKENS_READ'] }, 'INVALID', 'scopes'],
    ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'INVALID', 'expiresAt'],
    ['no address', { addresses: [] }, 'REQUIRED', 'addresses'],
    ['a name for an address', { addresses: ['10.0.0.0/8', 'shop'] }, 'INVALID', 'addresses.1'],
    ['33 bits of 32', { addresses: ['10.0.0.0/33'] }, 'INVALID', 'addresses.0'],
    ['a negative prefix', { addresses: ['10.0.0.0/-1'] }, 'INVALID', 'addresses.0'],
    ['a blank address', { addresses: [''] }, 'INVALID', 'addresses.0'],
    ['a range wider than IPv4', { addresses: ['::ffff:10.0.0.0/95'] }, 'INVALID', 'addresses.0'],
    ['101 addresses', { addresses: Array<string>(101).fill('::1') }, 'TOO_LONG', 'addresses'],
  ])('refuses %s', async (_, wanted, code, field) => {
    const before = await countKeys();
    const { data } = await createKey(staff.owner.client, wanted);
    expect(data.outcome).toMatchObject({ apiKey: null, secret: null, errors: [{ code, field }] });
    expect(await countKeys()).toBe(before);
  });

  test('reports everything at once', async () => {
    const wanted = { name: '', scopes: [], expiresAt: '2020-01-01T00:00:00Z', addresses: ['x'] };
    const { data } = await createKey(staff.owner.client, wanted);
    expect(data.outcome?.errors.map(({ field }) => field)).toEqual([
      'name',
      'scopes',
      'expiresAt',
      'addresses.0',
    ]);
  });

  test('takes a hundred characters of any kind, and two keys of one name', async () => {
    const name = '😀'.repeat(100);
    for (let time = 0; time < 2; time += 1) {
      expect(issued(await createKey(staff.owner.client, { name })).key.name).toBe(name);
    }
  });

  test('does not know other scopes', async () => {
    const { code } = await createKey(staff.owner.client, { scopes: ['EVERYTHING'] });
    expect(code).toBe('BAD_USER_INPUT');
  });

  test('makes no key when its audit entry cannot be written', async () => {
    await refuseAudit(server.database);
    const before = await countKeys();
    expect((await createKey(staff.owner.client)).code).toBe('INTERNAL_SERVER_ERROR');
    expect(await countKeys()).toBe(before);
  });
});

describe('keys are for Owners', () => {
  const documents = [
    '{ apiKeys { id } }',
    'mutation { createApiKey(name: "x", scopes: [TOKENS_READ]) { secret } }',
    'mutation { rotateApiKey(id: "x") { secret } }',
    'mutation { revokeApiKey(id: "x") { errors { code } } }',
  ];

  test.each(documents)('and for nobody else: %s', async (document) => {
    const key = await makeKey(server, ...scopes);
    const before = await countKeys();
    expect((await server.client.graphql(document)).code).toBe('UNAUTHENTICATED');
    for (const { client } of [staff.admin, staff.user, key]) {
      expect((await client.graphql(document)).code).toBe('FORBIDDEN');
    }
    expect(await countKeys()).toBe(before);
  });

  test('who is demoted while asking gets none', async () => {
    const owner = await registerPerson(server);
    await server.database.query(
      `INSERT INTO role_assignments (user_id, role_id, assigned_at)
       SELECT $1, id, now() FROM roles WHERE name = 'Owner'`,
      [owner.id],
    );
    expect(ending(await createKey(owner.client))).toBe('ok');
    const before = await countKeys();
    const demotion = {
      sql: `WITH owner AS MATERIALIZED (
          SELECT id FROM roles WHERE name = 'Owner' FOR NO KEY UPDATE)
        DELETE FROM role_assignments WHERE user_id = $1 AND role_id = (SELECT id FROM owner)`,
      values: [owner.id],
    };
    const answer = await commitDuring(server.database, demotion, () => createKey(owner.client));
    expect(ending(answer)).toBe('INSUFFICIENT_PERMISSIONS');
    expect(await countKeys()).toBe(before);
  });
});

test('apiKeys lists all keys, newest first, with the last use and whoever made them', async () => {
  const first = issued(await createKey(staff.owner.client, { name: 'First' }));
  const second = issued(await createKey(staff.owner.client, { name: 'Second' }));
  await isLetIn(server.client, first.secret);
  const [newest, next] = await listKeys(staff.owner.client);
  expect(newest).toEqual(second.key);
  expect(next).toEqual({ ...first.key, lastUsedAt: expect.any(String) as string });
});

test('a key outlives the Owner who made it', async () => {
  const { key, secret } = issued(await createKey(staff.owner.client));
  await server.database.query('UPDATE api_keys SET created_by_id = NULL WHERE id = $1', [key.id]);
  const listed = (await listKeys(staff.owner.client)).find(({ id }) => id === key.id);
  expect(listed?.createdBy).toBeNull();
  expect(await isLetIn(server.client, secret)).toBe(true);
});

test('a key opens no playground, whatever it may do', async () => {
  const closed = await startTestServer(production);
  const key = await makeKey(closed, ...scopes);
  const response = await fetch(closed.url, {
    headers: { authorization: `Bearer ${key.secret}` },
  });
  await closed.stop();
  expect(response.status).toBe(401);
  expect(await response.text()).toContain('data-mode="sign-in"');
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDataSource } from '../../src/database/data-source.ts';
import { sweepFormerSecrets } from '../../src/features/api-key/api-key.service.ts';
import { auditOf } from '../audit/audit.ts';
import { missingId, refuseAudit } from '../role/role-operations.ts';
import { poll } from '../support/mailbox.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  createKey,
  ending,
  isLetIn,
  issued,
  revokeKey,
  rotateKey,
  type IssuedKey,
} from './key-operations.ts';

let server: TestServer;
let other: TestServer;
let owner: Person;
let made: IssuedKey;
beforeAll(async () => {
  const environment = { RUN_JOBS: 'false', TRUST_PROXY: '1' };
  server = await startTestServer(environment);
  other = await startTestServer(environment, server.database);
  owner = await registerPerson(server);
});
beforeEach(async () => {
  made = issued(await createKey(owner.client));
  await server.database.query('DELETE FROM audit_events');
});
afterAll(async () => {
  await other.stop();
  await server.stop();
});

const change = (sql: string) =>
  server.database.query(`UPDATE api_keys SET ${sql} WHERE id = $1`, [made.key.id]);

describe('rotateApiKey', () => {
  test('gives a new secret; the old one goes on for an hour, on every instance', async () => {
    const { key, secret } = issued(await rotateKey(owner.client, made.key.id));
    expect(secret).not.toBe(made.secret);
    expect(key).toEqual({ ...made.key, prefix: secret.slice(0, 12) });
    const [row] = await server.database.query<{ seconds: number }>(
      `SELECT extract(epoch FROM expires_at - now())::float8 AS seconds
       FROM former_secrets WHERE api_key_id = $1`,
      [made.key.id],
    );
    expect(row?.seconds).toBeGreaterThan(3500);
    expect(row?.seconds).toBeLessThanOrEqual(3600);
    for (const { client } of [server, other]) {
      expect(await isLetIn(client, secret)).toBe(true);
      expect(await isLetIn(client, made.secret)).toBe(true);
    }
  });

  test('ends the old secret when the overlap is over', async () => {
    const { secret } = issued(await rotateKey(owner.client, made.key.id, 1));
    expect(await isLetIn(other.client, made.secret)).toBe(true);
    await poll(5_000, 'the old secret goes on', async () =>
      (await isLetIn(other.client, made.secret)) ? undefined : true,
    );
    expect(await isLetIn(other.client, secret)).toBe(true);
  });

  test('without overlap ends the old secret at once, and all before it', async () => {
    const second = issued(await rotateKey(owner.client, made.key.id, 86_400));
    const third = issued(await rotateKey(owner.client, made.key.id, 0));
    for (const { client } of [server, other]) {
      expect(await isLetIn(client, made.secret)).toBe(false);
      expect(await isLetIn(client, second.secret)).toBe(false);
      expect(await isLetIn(client, third.secret)).toBe(true);
    }
  });

  test('twice within the overlap ends no secret early', async () => {
    const second = issued(await rotateKey(owner.client, made.key.id));
    const third = issued(await rotateKey(owner.client, made.key.id));
    for (const { secret } of [made, second, third]) {
      expect(await isLetIn(other.client, secret)).toBe(true);
    }
  });

  test('ten times at once gives ten secrets, all of which work', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => rotateKey(owner.client, made.key.id)),
    );
    const secrets = answers.map((answer) => issued(answer).secret);
    expect(new Set(secrets).size).toBe(10);
    for (const secret of [made.secret, ...secrets]) {
      expect(await isLetIn(other.client, secret)).toBe(true);
    }
  });

  test('under load loses no request of a server that changes over in time', async () => {
    let secret = made.secret;
    let done = false;
    const call = async (client: typeof server.client) => {
      let refused = 0;
      while (!done) refused += (await isLetIn(client, secret)) ? 0 : 1;
      return refused;
    };
    const calls = Array.from({ length: 16 }, (_, place) =>
      call((place % 2 === 0 ? server : other).client),
    );
    for (let time = 0; time < 5; time += 1) {
      const next = issued(await rotateKey(owner.client, made.key.id, 60));
      await new Promise((resolve) => setTimeout(resolve, 50)); // as a deployment takes its time
      secret = next.secret;
    }
    done = true;
    expect(await Promise.all(calls)).toEqual(Array(16).fill(0));
  });

  test('is audited, without the secret', async () => {
    const { secret } = issued(await rotateKey(owner.client, made.key.id, 5));
    const entries = await auditOf(server.database, null);
    const metadata = { keyId: made.key.id, name: 'Shop', prefix: made.key.prefix, graceSeconds: 5 };
    expect(entries).toMatchObject([{ action: 'api_key.rotated', actor_id: owner.id, metadata }]);
    expect(JSON.stringify(entries)).not.toContain(secret.slice(12));
  });

  test.each([-1, 86_401])('refuses an overlap of %d seconds', async (graceSeconds) => {
    const { data } = await rotateKey(owner.client, made.key.id, graceSeconds);
    expect(data.outcome?.errors).toMatchObject([{ code: 'INVALID', field: 'graceSeconds' }]);
    expect(await isLetIn(server.client, made.secret)).toBe(true);
  });

  test.each(['revoked_at = now()', "expires_at = now() - interval '1 second'"])(
    'revives no key with %s',
    async (sql) => {
      await change(sql);
      const { data } = await rotateKey(owner.client, made.key.id);
      expect(data.outcome).toMatchObject({
        secret: null,
        errors: [{ code: 'INVALID', field: 'id' }],
      });
    },
  );

  test('changes nothing when its audit entry cannot be written', async () => {
    await refuseAudit(server.database);
    expect((await rotateKey(owner.client, made.key.id, 0)).code).toBe('INTERNAL_SERVER_ERROR');
    expect(await isLetIn(server.client, made.secret)).toBe(true);
  });
});

describe('revokeApiKey', () => {
  test('ends a key with the next request, on every instance', async () => {
    for (const { client } of [server, other]) expect(await isLetIn(client, made.secret)).toBe(true);
    const { data } = await revokeKey(owner.client, made.key.id);
    expect(data.outcome).toMatchObject({ secret: null, errors: [] });
    const revokedAt = Date.parse(data.outcome?.apiKey?.revokedAt ?? '');
    expect(Math.abs(revokedAt - Date.now())).toBeLessThan(60_000);
    for (const { client } of [server, other])
      expect(await isLetIn(client, made.secret)).toBe(false);
  });

  test('ends its former secrets too', async () => {
    const { secret } = issued(await rotateKey(owner.client, made.key.id));
    await revokeKey(owner.client, made.key.id);
    for (const one of [made.secret, secret]) expect(await isLetIn(other.client, one)).toBe(false);
  });

  test('is audited once, however often it is asked for at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => revokeKey(owner.client, made.key.id)),
    );
    expect(answers.map(ending)).toEqual(Array(10).fill('ok'));
    expect(new Set(answers.map(({ data }) => data.outcome?.apiKey?.revokedAt)).size).toBe(1);
    const metadata = { keyId: made.key.id, name: 'Shop', prefix: made.key.prefix };
    expect(await auditOf(server.database, null)).toMatchObject([
      { action: 'api_key.revoked', actor_id: owner.id, metadata },
    ]);
  });

  test('of one being rotated at that moment leaves no secret that works', async () => {
    const [rotated, revoked] = await Promise.all([
      rotateKey(owner.client, made.key.id),
      revokeKey(owner.client, made.key.id),
    ]);
    expect(ending(revoked)).toBe('ok');
    const { secret } = rotated.data.outcome ?? {};
    for (const one of [made.secret, ...(secret ? [secret] : [])]) {
      expect(await isLetIn(other.client, one)).toBe(false);
    }
  });

  test('revokes nothing when its audit entry cannot be written', async () => {
    await refuseAudit(server.database);
    expect((await revokeKey(owner.client, made.key.id)).code).toBe('INTERNAL_SERVER_ERROR');
    expect(await isLetIn(server.client, made.secret)).toBe(true);
  });
});

test.each([missingId, 'x', ''])('there is no key %j to rotate or revoke', async (id) => {
  for (const answer of [await rotateKey(owner.client, id), await revokeKey(owner.client, id)]) {
    expect(answer.data.outcome).toMatchObject({
      apiKey: null,
      errors: [{ code: 'NOT_FOUND', field: 'id' }],
    });
  }
});

test('an expired key is refused with the next request, whichever secret is shown', async () => {
  const { secret } = issued(await rotateKey(owner.client, made.key.id));
  await change("expires_at = now() + interval '1 second'");
  expect(await isLetIn(other.client, secret)).toBe(true);
  await poll(5_000, 'the key goes on', async () =>
    (await isLetIn(other.client, secret)) ? undefined : true,
  );
  expect(await isLetIn(server.client, made.secret)).toBe(false);
});

describe('a key for some addresses', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });

  test.each([
    ['192.0.2.1', '192.0.2.1/32', '192.0.2.1', '192.0.2.2'],
    ['192.0.2.9/24', '192.0.2.0/24', '192.0.2.255', '192.0.3.1'],
    ['2001:db8::/32', '2001:db8::/32', '2001:db8:1::1', '2001:db9::1'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24', '::ffff:192.0.2.7', '192.0.3.7'],
    ['0.0.0.0/0', '0.0.0.0/0', '203.0.113.7', '2001:db8::1'],
  ])('%s (stored as %s) lets in %s and not %s', async (address, stored, inside, outside) => {
    const { key, secret } = issued(await createKey(owner.client, { addresses: [address] }));
    expect(key.addresses).toEqual([stored]);
    expect(await isLetIn(server.client, secret, from(inside))).toBe(true);
    expect(await isLetIn(server.client, secret, from(outside))).toBe(false);
    expect(server.logged.at(-1)).toContain('an API key is used from where it may not be');
  });

  test('lets in from each of several, which are stored once', async () => {
    const addresses = ['192.0.2.1', '198.51.100.0/24', '192.0.2.1/32'];
    const { key, secret } = issued(await createKey(owner.client, { addresses }));
    expect([...(key.addresses ?? [])].sort()).toEqual(['192.0.2.1/32', '198.51.100.0/24']);
    for (const address of ['192.0.2.1', '198.51.100.77']) {
      expect(await isLetIn(server.client, secret, from(address))).toBe(true);
    }
  });

  test('notes no use of it from elsewhere', async () => {
    const { key, secret } = issued(await createKey(owner.client, { addresses: ['192.0.2.1'] }));
    await isLetIn(server.client, secret, from('192.0.2.2'));
    const used = 'SELECT FROM api_keys WHERE id = $1 AND last_used_at IS NOT NULL';
    expect(await server.database.query(used, [key.id])).toEqual([]);
  });
});

test('former secrets that have run out are swept, and only those', async () => {
  await rotateKey(owner.client, made.key.id, 0);
  const { secret } = issued(await rotateKey(owner.client, made.key.id, 60));
  const dataSource = await createDataSource(server.database.url, 1).initialize();
  const swept = await sweepFormerSecrets(dataSource);
  await dataSource.destroy();
  expect(swept).toBeGreaterThan(0);
  const left = 'SELECT FROM former_secrets WHERE api_key_id = $1';
  expect(await server.database.query(left, [made.key.id])).toHaveLength(1);
  expect(await isLetIn(server.client, secret)).toBe(true);
});

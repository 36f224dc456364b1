import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scopes } from '../../src/actor.ts';
import { registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { whoIs } from '../session/sessions.ts';
import { startLimited, passed, times } from '../rate-limit/limited-servers.ts';
import { makeKey } from './keys.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  staff = await registerStaff(server);
});
afterAll(() => server.stop());

const introspect = (token: string) => `{ introspect(token: "${token}") { active } }`;

describe('an API key', () => {
  test('is nobody: me is null', async () => {
    const key = await makeKey(server, ...scopes);
    expect(await whoIs(key.client)).toBeUndefined();
  });

  test('alone may do what is for keys: neither strangers nor Owners may', async () => {
    const document = introspect(staff.user.token);
    expect((await server.client.graphql(document)).code).toBe('UNAUTHENTICATED');
    for (const { client } of Object.values(staff)) {
      expect((await client.graphql(document)).code).toBe('FORBIDDEN');
    }
  });

  test('is nothing in a cookie', async () => {
    const { secret } = await makeKey(server, 'TOKENS_READ');
    const page = server.client.with({ cookie: `gatehouse=${secret}`, origin: server.url });
    expect((await page.graphql(introspect(staff.user.token))).code).toBe('UNAUTHENTICATED');
  });

  test.each([
    ['revoked', "revoked_at = now() - interval '1 second'"],
    ['expired', "expires_at = now() - interval '1 second'"],
    ['unknown', "key_hash = '\\x00'"],
  ])('that is %s is nobody’s', async (_, change) => {
    const key = await makeKey(server, 'TOKENS_READ');
    const document = introspect(staff.user.token);
    expect((await key.client.graphql(document)).errors).toEqual([]);
    await server.database.query(`UPDATE api_keys SET ${change} WHERE id = $1`, [key.id]);
    expect((await key.client.graphql(document)).code).toBe('UNAUTHENTICATED');
    await server.database.query('DELETE FROM api_keys WHERE id = $1', [key.id]);
  });

  test('that expires in the future is good until then', async () => {
    const key = await makeKey(server, 'TOKENS_READ');
    await server.database.query(
      "UPDATE api_keys SET expires_at = now() + interval '1 hour' WHERE id = $1",
      [key.id],
    );
    expect((await key.client.graphql(introspect(''))).errors).toEqual([]);
  });

  test('is stored as a digest only, and never logged', async () => {
    const key = await makeKey(server, 'TOKENS_READ');
    await key.client.graphql(introspect(staff.user.token));
    const rows = await server.database.query('SELECT k::text FROM api_keys k');
    expect(JSON.stringify(rows)).not.toContain(key.secret.slice(12));
    expect(server.logged.join('')).not.toContain(key.secret.slice(5));
  });

  test('has its use noted once a minute, by one of the requests that come at once', async () => {
    const key = await makeKey(server, 'TOKENS_READ');
    const lastUse = async () => {
      const [row] = await server.database.query<{ last_used_at: Date | null }>(
        'SELECT last_used_at FROM api_keys WHERE id = $1',
        [key.id],
      );
      return row?.last_used_at?.getTime() ?? null;
    };
    expect(await lastUse()).toBeNull();
    await Promise.all(Array.from({ length: 10 }, () => key.client.graphql(introspect(''))));
    const first = await lastUse();
    expect(first).not.toBeNull();
    await key.client.graphql(introspect(''));
    expect(await lastUse()).toBe(first);
    await server.database.query(
      "UPDATE api_keys SET last_used_at = now() - interval '2 minutes' WHERE id = $1",
      [key.id],
    );
    await key.client.graphql(introspect(''));
    expect(Date.now() - ((await lastUse()) ?? 0)).toBeLessThan(60_000);
  });
});

test('the requests of each key are counted apart, wherever they come from', async () => {
  const environment = { TRUST_PROXY: '1', RATE_LIMIT_REQUESTS: '5/60s' };
  const { server: limited } = await startLimited('PostgreSQL', environment);
  for (const key of [await makeKey(limited, 'TOKENS_READ'), await makeKey(limited)]) {
    const answers = await times(12, (index) =>
      key.client.with({ 'x-forwarded-for': `203.0.113.${index}` }).graphql('{ __typename }'),
    );
    expect(passed(answers, 'REQUESTS')).toBe(5);
  }
});

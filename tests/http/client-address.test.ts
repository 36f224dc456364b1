import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { loginMutation, password, registerPerson, type LoginResult } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function start(environment: Readonly<Record<string, string>>): Promise<TestServer> {
  const server = await startTestServer({ RUN_JOBS: 'false', ...environment });
  running.push(server);
  return server;
}

/** The address the server takes a request to come from, as the session keeps it. */
async function addressesOf(
  environment: Readonly<Record<string, string>>,
  ...forwarded: readonly string[]
): Promise<(string | undefined)[]> {
  const server = await start(environment);
  const addresses: (string | undefined)[] = [];
  for (const value of forwarded) {
    const client = server.client.with({ 'x-forwarded-for': value });
    const person = await registerPerson({ ...server, client });
    const { data } = await person.client.graphql<{ mySessions: { ipAddress: string }[] }>(
      '{ mySessions { ipAddress } }',
    );
    addresses.push(data.mySessions[0]?.ipAddress);
  }
  return addresses;
}

const spoofed = '192.0.2.66';
const client = '203.0.113.7';
const proxy = '198.51.100.9';
const chain = `${spoofed}, ${client}, ${proxy}`;

describe('the client of a request', () => {
  test('is the peer itself when no proxy is trusted, whatever it claims', async () => {
    const claims = [client, `${spoofed}, ${client}`, '127.0.0.1, 10.0.0.1', '::1'];
    expect(await addressesOf({}, ...claims)).toEqual(claims.map(() => '127.0.0.1'));
  });

  test('is what the last of as many proxies as TRUST_PROXY counts was reached by', async () => {
    expect(await addressesOf({ TRUST_PROXY: '0' }, chain, '')).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(await addressesOf({ TRUST_PROXY: '1' }, chain, client)).toEqual([proxy, client]);
    expect(await addressesOf({ TRUST_PROXY: '2' }, chain, client)).toEqual([client, client]);
  });

  test('is the nearest that TRUST_PROXY does not name as an address or a range', async () => {
    const trust = (list: string) => addressesOf({ TRUST_PROXY: list }, chain);
    expect(await trust('127.0.0.1')).toEqual([proxy]);
    expect(await trust('127.0.0.0/8, 198.51.100.0/24')).toEqual([client]);
    expect(await trust('127.0.0.1,198.51.100.0/29')).toEqual([proxy]);
    expect(await trust('10.0.0.0/8')).toEqual(['127.0.0.1']);
    expect(await trust('127.0.0.1, ::ffff:198.51.100.0/120')).toEqual([client]);
    expect(await trust('0.0.0.0/0')).toEqual([spoofed]);
  });

  test('may come through IPv6 proxies', async () => {
    const six = '2001:db8:1::5, 2001:DB8:0::9';
    const trust = (list: string) => addressesOf({ TRUST_PROXY: list }, six);
    expect(await trust('127.0.0.1, 2001:db8::/48')).toEqual(['2001:db8:1::5']);
    expect(await trust('127.0.0.1, 2001:db8::9')).toEqual(['2001:db8:1::5']);
    expect(await trust('127.0.0.1, 2001:db8::8')).toEqual(['2001:db8::9']);
  });

  test('is the proxy when what it forwards is no address', async () => {
    const malformed = [
      '',
      ',',
      'unknown',
      '999.1.1.1',
      '203.0.113',
      '0x7f000001',
      '010.0.0.1',
      'a.example',
      "1.1.1.1'; --",
      '_hidden',
      '::g',
      '[2001:db8::1',
      '203.0.113.7:http',
      '203.0.113.0/24',
    ];
    const answers = await addressesOf({ TRUST_PROXY: '1' }, ...malformed);
    expect(new Set(answers)).toEqual(new Set(['127.0.0.1']));
  });

  test('is nobody to the left of what is no address', async () => {
    const chains = [`${spoofed}, unknown, ${proxy}`, `${spoofed}, ${proxy}, unknown`];
    const counted = await addressesOf({ TRUST_PROXY: '3' }, ...chains);
    expect(counted).toEqual([proxy, '127.0.0.1']);
    const listed = { TRUST_PROXY: `127.0.0.1, ${proxy}` };
    expect(await addressesOf(listed, ...chains)).toEqual([proxy, '127.0.0.1']);
  });

  test('is written in one way: IPv4-mapped as IPv4, IPv6 in short and in lower case', async () => {
    const spellings = {
      '::ffff:203.0.113.7': client,
      '::FFFF:CB00:7107': client,
      '2001:DB8:0:0:0:0:0:1': '2001:db8::1',
      'fe80::1%en0': 'fe80::1',
    };
    const answers = await addressesOf({ TRUST_PROXY: '1' }, ...Object.keys(spellings));
    expect(answers).toEqual(Object.values(spellings));
  });

  test('is found behind the port that some proxies add, also when that is a proxy', async () => {
    const ported = {
      '203.0.113.7:50312': client,
      '[2001:db8::1]:50312': '2001:db8::1',
      '[2001:db8::1]': '2001:db8::1',
      [`${client}:50312, ${proxy}:443`]: client,
    };
    const listed = { TRUST_PROXY: `127.0.0.1, ${proxy}` };
    const answers = await addressesOf(listed, ...Object.keys(ported));
    expect(answers).toEqual(Object.values(ported));
  });

  test('is found in several headers as in one', async () => {
    const server = await start({ TRUST_PROXY: '2' });
    const person = await registerPerson(server);
    const input = { email: person.email, password };
    await postWith(`${server.url}/graphql`, [`${spoofed}, ${client}`, proxy], {
      query: loginMutation,
      variables: { input },
    });
    const [session] = await server.database.query(
      'SELECT ip_address FROM sessions ORDER BY created_at DESC LIMIT 1',
    );
    expect(session).toEqual({ ip_address: client });
  });
});

/** A request with more than one `X-Forwarded-For`, which `fetch` would join into one. */
async function postWith(url: string, forwarded: readonly string[], body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': [...forwarded] };
  await new Promise<void>((resolve, reject) => {
    request(url, { method: 'POST', headers }, (response) => {
      expect(response.statusCode).toBe(200);
      response.resume().on('end', resolve);
    })
      .on('error', reject)
      .end(JSON.stringify(body));
  });
}

describe('one address', () => {
  test('is written to the account, its session and the audit, and to nothing else', async () => {
    const server = await start({ TRUST_PROXY: '2' });
    const person = await registerPerson({
      ...server,
      client: server.client.with({ 'x-forwarded-for': chain }),
    });
    await person.client.graphql('mutation { logout { errors { code } } }');
    const rows = await server.database.query<{ address: string }>(
      `SELECT registration_ip AS address FROM users UNION ALL
       SELECT ip_address FROM audit_events`,
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(new Set(rows.map(({ address }) => address))).toEqual(new Set([client]));

    const again = server.client.with({ 'x-forwarded-for': `10.9.9.9, ${chain}` });
    const input = { email: person.email, password };
    await again.graphql<LoginResult>(loginMutation, { input });
    const sessions = await server.database.query('SELECT ip_address FROM sessions');
    expect(sessions).toEqual([{ ip_address: client }]);
  });

  test('is limited, whatever stands to the left of it', async () => {
    const server = await start({
      TRUST_PROXY: '1',
      RATE_LIMITS: 'on',
      RATE_LIMIT_LOGIN_NETWORK: '2/60s',
    });
    const codeFrom = async (forwarded: string) => {
      const input = { email: 'nobody@example.com', password: 'not the password' };
      const sender = server.client.with({ 'x-forwarded-for': forwarded });
      return (await sender.graphql(loginMutation, { input })).code;
    };
    expect(await codeFrom(client)).toBeUndefined();
    expect(await codeFrom(`192.0.2.1, ${client}`)).toBeUndefined();
    for (const lie of ['192.0.2.2', '192.0.2.3', client, 'unknown']) {
      expect(await codeFrom(`${lie}, ${client}`)).toBe('RATE_LIMITED');
    }
    expect(await codeFrom(`::ffff:${client}`)).toBe('RATE_LIMITED');
    expect(await codeFrom(`${client}:4711`)).toBe('RATE_LIMITED');
    expect(await codeFrom(`${client}, 203.0.113.8`)).toBeUndefined();
  });

  test('of an untrusted peer is limited, whatever it claims', async () => {
    const server = await start({ RATE_LIMITS: 'on', RATE_LIMIT_LOGIN_NETWORK: '2/60s' });
    const codes: (string | undefined)[] = [];
    for (const lie of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
      const input = { email: 'nobody@example.com', password: 'not the password' };
      const liar = server.client.with({ 'x-forwarded-for': lie });
      codes.push((await liar.graphql(loginMutation, { input })).code);
    }
    expect(codes).toEqual([undefined, undefined, 'RATE_LIMITED']);
  });
});

import { afterEach, expect, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

/** The address the server takes a request to come from, as the session keeps it. */
async function addressesOf(
  environment: Record<string, string>,
  ...forwarded: readonly string[]
): Promise<(string | undefined)[]> {
  const server = await startTestServer(environment);
  running.push(server);
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

test('is the peer itself when no proxy is trusted, whatever it claims', async () => {
  expect(await addressesOf({}, client, `${spoofed}, ${client}`)).toEqual([
    '127.0.0.1',
    '127.0.0.1',
  ]);
});

test('is what the last of as many proxies as TRUST_PROXY counts was reached by', async () => {
  const chain = `${spoofed}, ${client}, ${proxy}`;
  expect(await addressesOf({ TRUST_PROXY: '0' }, chain)).toEqual(['127.0.0.1']);
  expect(await addressesOf({ TRUST_PROXY: '1' }, chain)).toEqual([proxy]);
  expect(await addressesOf({ TRUST_PROXY: '2' }, chain)).toEqual([client]);
});

test('is the nearest that TRUST_PROXY does not name as an address or a range', async () => {
  const chain = `${spoofed}, ${client}, ${proxy}`;
  const trust = (list: string) => addressesOf({ TRUST_PROXY: list }, chain);
  expect(await trust('127.0.0.1')).toEqual([proxy]);
  expect(await trust('127.0.0.0/8, 198.51.100.0/24')).toEqual([client]);
  expect(await trust('10.0.0.0/8')).toEqual(['127.0.0.1']);
});

test('is the proxy when what it forwards is no address', async () => {
  const malformed = ['', 'unknown', '999.1.1.1', 'a.example', "1.1.1.1'; --", '_hidden', '::g'];
  const answers = await addressesOf({ TRUST_PROXY: '1' }, ...malformed);
  expect(new Set(answers)).toEqual(new Set(['127.0.0.1']));
});

test('is written in one way: IPv4-mapped as IPv4, IPv6 in short and in lower case', async () => {
  const spellings = [
    '::ffff:203.0.113.7',
    '::FFFF:CB00:7107',
    '2001:DB8:0:0:0:0:0:1',
    'fe80::1%en0',
  ];
  expect(await addressesOf({ TRUST_PROXY: '1' }, ...spellings)).toEqual([
    client,
    client,
    '2001:db8::1',
    'fe80::1',
  ]);
});

import { createServer as createPlainServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWebhookSender } from '../../src/adapters/webhook-sender.ts';

let reached = 0;
const receiver = createPlainServer((_, response) => {
  reached += 1;
  response.end();
});
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  port = (receiver.address() as AddressInfo).port;
});
beforeEach(() => {
  reached = 0;
});
afterAll(() => void receiver.close());

/** Names that stand for these addresses, each time it is asked the next of them. */
function resolver(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const resolve = (name: string) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(name);
    return Promise.resolve(
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { asked, resolve };
}

const request = (url: string) => ({ url, headers: {}, body: '{}' });
const refused = /must not lead to an address that is private or otherwise not public/;

const notPublic = {
  'this network': '0.0.0.0',
  'private 10/8': '10.0.0.1',
  'carrier-grade NAT': '100.64.0.1',
  loopback: '127.0.0.1',
  'link-local, where clouds keep credentials': '169.254.169.254',
  'private 172.16/12': '172.31.255.255',
  'IETF protocols': '192.0.0.170',
  'private 192.168/16': '192.168.1.1',
  benchmarking: '198.18.0.1',
  documentation: '203.0.113.1',
  multicast: '224.0.0.1',
  reserved: '240.0.0.1',
  broadcast: '255.255.255.255',
  'unspecified in IPv6': '::',
  'loopback in IPv6': '::1',
  'mapped IPv4': '::ffff:10.0.0.1',
  'mapped IPv4 in hexadecimal': '::ffff:7f00:1',
  'IPv4-compatible': '::127.0.0.1',
  NAT64: '64:ff9b::7f00:1',
  'local NAT64': '64:ff9b:1::7f00:1',
  'discard only': '100::1',
  '6to4': '2002:7f00:1::1',
  Teredo: '2001::1',
  'documentation in IPv6': '2001:db8::1',
  'unique local': 'fd00::1',
  'link-local in IPv6': 'fe80::1',
  'site-local': 'fec0::1',
  'multicast in IPv6': 'ff02::1',
};

describe.each(Object.entries(notPublic))('%s', (_, address) => {
  test(`is not posted to by its address, ${address}`, async () => {
    const host = address.includes(':') ? `[${address}]` : address;
    const sender = createWebhookSender([]);
    expect(sender.objectionTo(`https://${host}/`)).toMatch(refused);
    expect(await sender.post(request(`https://${host}:${port}/`))).toEqual({
      fault: expect.stringMatching(refused) as string,
    });
  });

  test('is not posted to by a name', async () => {
    const { resolve } = resolver([address]);
    const answer = await createWebhookSender([], resolve).post(request(`https://x.test:${port}/`));
    expect(answer).toEqual({ fault: expect.stringMatching(refused) as string });
  });
});

test.each(['93.184.216.34', '1.1.1.1', '2606:4700::1111', '2a00:1450::1', '::ffff:1.1.1.1'])(
  'a public address is nothing to object to: %s',
  (address) => {
    const host = address.includes(':') ? `[${address}]` : address;
    expect(createWebhookSender([]).objectionTo(`https://${host}/`)).toBeUndefined();
  },
);

test.each(['2130706433', '0x7f000001', '0x7f.1', '017700000001', '127.1', '0177.0.0.1'])(
  'loopback is known in every spelling: %s',
  async (host) => {
    const sender = createWebhookSender([]);
    expect(sender.objectionTo(`https://${host}/`)).toMatch(refused);
    const allowed = createWebhookSender(['127.0.0.0/8']);
    expect(await allowed.post(request(`http://${host}:${port}/`))).toEqual({ status: 200 });
  },
);

test('a name that leads to a public and to a private address is trusted with neither', async () => {
  const { resolve } = resolver(['93.184.216.34', '127.0.0.1']);
  const answer = await createWebhookSender([], resolve).post(request(`https://x.test:${port}/`));
  expect(answer).toEqual({ fault: expect.stringMatching(refused) as string });
});

test('the address that was checked is the one connected to, and is asked for once a try', async () => {
  // Were the name looked up a second time, to connect, it would lead to the receiver.
  const { asked, resolve } = resolver(['10.0.0.1'], ['127.0.0.1']);
  const sender = createWebhookSender(['127.0.0.0/8'], resolve);
  expect(await sender.post(request(`http://rebinding.test:${port}/`))).toEqual({
    fault: expect.stringMatching(refused) as string,
  });
  expect(asked).toEqual(['rebinding.test']);
  expect(reached).toBe(0);
  // And what is allowed is reached under a name that nobody else knows.
  expect(await sender.post(request(`http://rebinding.test:${port}/`))).toEqual({ status: 200 });
  expect(asked).toHaveLength(2);
});

test('a name that is good in one try and bad in the next is found out in the next', async () => {
  const { resolve } = resolver(['127.0.0.1'], ['192.168.0.1']);
  const sender = createWebhookSender(['127.0.0.1'], resolve);
  expect(await sender.post(request(`http://x.test:${port}/`))).toEqual({ status: 200 });
  expect(await sender.post(request(`http://x.test:${port}/`))).toHaveProperty('fault');
  expect(reached).toBe(1);
});

test('without TLS only what is allowed by name is reached, and nothing public', async () => {
  const { resolve } = resolver(['93.184.216.34']);
  const sender = createWebhookSender(['127.0.0.0/8'], resolve);
  expect(sender.objectionTo('http://93.184.216.34/')).toMatch(refused);
  expect(await sender.post(request('http://x.test/'))).toHaveProperty('fault');
  expect(createWebhookSender([]).objectionTo('http://example.com/')).toBe(
    'must begin with https://',
  );
});

test('a name nobody knows is a fault that says so', async () => {
  const sender = createWebhookSender([], () => Promise.reject(new Error('getaddrinfo ENOTFOUND')));
  expect(await sender.post(request('https://x.test/'))).toEqual({ fault: 'getaddrinfo ENOTFOUND' });
  const nowhere = createWebhookSender([], () => Promise.resolve([]));
  expect(await nowhere.post(request('https://x.test/'))).toHaveProperty('fault');
});

import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inject, onTestFinished } from 'vitest';

export const account = { MAXMIND_ACCOUNT_ID: '4711', MAXMIND_LICENSE_KEY: 'a-license-key' };

interface Reply {
  readonly status: number;
  /** Sent as JSON, unless it is a text. */
  readonly body: unknown;
}

/** What the service knows of an address in Tokyo, cut to what concerns places. */
export const tokyo: Reply = {
  status: 200,
  body: {
    city: { geoname_id: 11611694, names: { en: 'Bunkyo-ku', ja: '文京区' } },
    country: { geoname_id: 1861060, iso_code: 'JP', names: { de: 'Japan', en: 'Japan' } },
    subdivisions: [{ geoname_id: 1850144, iso_code: '13', names: { en: 'Tokyo' } }],
    traits: { ip_address: '133.11.0.1', network: '133.11.0.0/16' },
  },
};

export const refusal = (status: number, code: string): Reply => ({
  status,
  body: { code, error: `The reason for ${code}.` },
});

export const unavailable: Reply = { status: 503, body: 'no JSON' };

interface MaxmindDouble {
  /** What a server needs in its environment to ask this one. */
  readonly environment: Readonly<Record<string, string>>;
  /** The addresses asked for so far. */
  readonly asked: readonly string[];
}

/**
 * MaxMind's web service as its client meets it: City, over https, with account id and licence key
 * as Basic credentials. The replies are given one after another, each when it is known, the last of
 * them from then on; without any it says nothing at all. https://dev.maxmind.com/geoip/docs/web-services/requests
 */
export async function startMaxmindDouble(
  ...replies: readonly (Reply | Promise<Reply>)[]
): Promise<MaxmindDouble> {
  const asked: string[] = [];
  const { MAXMIND_ACCOUNT_ID: id, MAXMIND_LICENSE_KEY: key } = account;
  const credentials = `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`;
  const server = createServer(inject('certificate'), ({ url = '', headers }, response) => {
    const [, address] = /^\/geoip\/v2\.1\/city\/([\da-f.:]+)$/.exec(url) ?? [];
    if (address === undefined) return void response.writeHead(404).end();
    asked.push(address);
    const reply = replies[Math.min(asked.length, replies.length) - 1];
    if (reply === undefined) return;
    const isKnown = headers.authorization === credentials;
    void Promise.resolve(isKnown ? reply : refusal(401, 'AUTHORIZATION_INVALID')).then(
      ({ status, body }) => {
        const written = typeof body === 'string' ? body : JSON.stringify(body);
        response.writeHead(status, { 'content-type': 'application/json' }).end(written);
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    environment: {
      ...account,
      MAXMIND_HOST: `127.0.0.1:${port}`,
    },
  };
}

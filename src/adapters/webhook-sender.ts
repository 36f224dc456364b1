import type { LookupAddress } from 'node:dns';
import { lookup as lookUpName } from 'node:dns/promises';
import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestOverTls } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { WebhookAnswer, WebhookRequest, WebhookSender } from '../posting.ts';
import { createReach, unreachable, type Reach } from './public-addresses.ts';

/** All addresses of a name. */
type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

// Standard Webhooks: "15 to 30 seconds". A receiver has nothing to do but to take it.
const milliseconds = 15_000;
// Nobody reads what a receiver says; so much of it is taken politely before it is cut off.
const maxAnswerBytes = 16 * 1024;

/**
 * Posts over TLS to public addresses, and to those in `allowedNetworks` without it as well. What a
 * name stands for is looked up and checked as part of connecting, every time, and the connection
 * goes to the very addresses that were checked: a name that leads elsewhere a moment later leads
 * nobody astray. Nothing is sent through a proxy, and no redirect is followed.
 */
export function createWebhookSender(
  allowedNetworks: readonly string[],
  resolve: Resolve = (name) => lookUpName(name, { all: true }),
): WebhookSender {
  const reach = createReach(allowedNetworks);
  return {
    objectionTo: (url) => reach.objectionTo(url),
    async post(request) {
      const objection = reach.objectionTo(request.url);
      if (objection !== undefined) return { fault: `The URL ${objection}.` };
      try {
        return await send(request, checkedLookup(reach, new URL(request.url).protocol, resolve));
      } catch (error) {
        return { fault: explain(error) };
      }
    },
  };
}

function checkedLookup(reach: Reach, protocol: string, resolve: Resolve): LookupFunction {
  return (name, options, callback) => {
    resolve(name).then(
      (addresses) => {
        const [first] = addresses;
        // A name that leads to both kinds is not trusted with either.
        if (!first || !addresses.every(({ address }) => reach.includes(address, protocol))) {
          callback(new Error(`${name} ${unreachable}`), '');
        } else if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, ''),
    );
  };
}

function send(
  { url, headers, body }: WebhookRequest,
  lookup: LookupFunction,
): Promise<WebhookAnswer> {
  const request = url.toLowerCase().startsWith('https:') ? requestOverTls : requestPlain;
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': bytes.length },
      lookup,
      // A connection of its own, so that none is used again without a look at its address.
      agent: false,
      signal: AbortSignal.timeout(milliseconds),
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      resolve({ status: response.statusCode ?? 0 });
      discard(response);
    });
    sent.end(bytes);
  });
}

function discard(response: IncomingMessage): void {
  let taken = 0;
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    if (taken > maxAnswerBytes) response.destroy();
  });
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return 'The request failed.';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') {
    return `There was no answer within ${milliseconds / 1000} seconds.`;
  }
  // Of several addresses that were tried in vain only the code is told.
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
}

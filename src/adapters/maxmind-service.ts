import { WebServiceClient } from '@maxmind/geoip2-node';
import type { LocationConfig } from '../config/config.ts';
import type { Locator, Place } from '../context.ts';
import { placeOf } from './maxmind-place.ts';

// Its own default of three seconds is meant for those who keep somebody waiting.
const timeoutMilliseconds = 10_000;

/**
 * Refusals that concern the address and stay: asking again would only cost another query.
 * https://dev.maxmind.com/geoip/docs/web-services/responses#errors
 */
const finalRefusals = [
  'IP_ADDRESS_INVALID',
  'IP_ADDRESS_NOT_FOUND',
  'IP_ADDRESS_REQUIRED',
  'IP_ADDRESS_RESERVED',
];

/** Asks MaxMind's web service, over https; what it charges for is a query an address. */
export function createMaxmindService(account: NonNullable<LocationConfig['webService']>): Locator {
  const { accountId, licenseKey, host } = account;
  const client = new WebServiceClient(String(accountId), licenseKey, {
    host,
    timeout: timeoutMilliseconds,
  });
  return {
    isImmediate: false,
    async locate(address) {
      return client.city(address).then(placeOf, readRefusal);
    },
  };
}

/** The client rejects with a plain object, whose `url` names the address and is left out. */
function readRefusal(refusal: unknown): Place | undefined {
  const { code = 'UNKNOWN', error = String(refusal) } = refusal as {
    readonly code?: string;
    readonly error?: string;
  };
  if (finalRefusals.includes(code)) return undefined;
  throw new Error(`MaxMind's web service: ${code}: ${error}`);
}

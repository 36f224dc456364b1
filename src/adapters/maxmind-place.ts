import type { City, Country } from '@maxmind/geoip2-node';
import type { Place } from '../context.ts';

/**
 * What MaxMind knows of an address, in English. The region is the widest of the subdivisions:
 * England, not Cambridgeshire. The country is where the address is in use, never where its network
 * was registered, which for carriers and satellites is elsewhere.
 */
export function placeOf(record: Country | City): Place {
  const { country } = record;
  const subdivisions = 'subdivisions' in record ? record.subdivisions : undefined;
  const city = 'city' in record ? record.city : undefined;
  return {
    countryCode: country?.isoCode ?? null,
    country: country?.names?.en ?? null,
    region: subdivisions?.[0]?.names?.en ?? null,
    city: city?.names?.en ?? null,
  };
}

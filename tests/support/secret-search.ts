/** Something that must not be found, and what it is. */
export interface Secret {
  readonly kind: string;
  readonly value: string;
}

const prefixLength = 8;
const filterBits = 20;

/**
 * A search for all of many secrets at once. Each place of the text costs a look at a bit, and only
 * where that is set a look-up: twenty megabytes take about a second for any number of secrets.
 */
export function secretSearch(secrets: readonly Secret[]): (text: string) => Secret[] {
  const filter = new Uint8Array(1 << filterBits);
  const byPrefix = new Map<string, Secret[]>();
  for (const secret of secrets.flatMap(written)) {
    const prefix = secret.value.slice(0, prefixLength);
    filter[slot(secret.value, 0)] = 1;
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), secret]);
  }
  return (text) => {
    const found = new Set<Secret>();
    for (let place = 0; place + prefixLength <= text.length; place += 1) {
      if (filter[slot(text, place)] === 0) continue;
      for (const secret of byPrefix.get(text.slice(place, place + prefixLength)) ?? []) {
        if (text.startsWith(secret.value, place)) found.add(secret);
      }
    }
    return [...found];
  };
}

/** As it is, as JSON escapes it, and as an address does. */
function written({ kind, value }: Secret): Secret[] {
  const json = JSON.stringify(value).slice(1, -1);
  const forms = new Set([value, json, inAddress(value)]);
  return [...forms].map((form) => ({ kind, value: form }));
}

/** Half a surrogate pair, which tests try too, cannot stand in one. */
function inAddress(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return value;
  }
}

/** A number for the first four characters from a place on. */
function slot(text: string, place: number): number {
  let hash = 0;
  for (let one = 0; one < 4; one += 1) hash = Math.imul(hash, 31) + text.charCodeAt(place + one);
  return (hash ^ (hash >>> filterBits)) & ((1 << filterBits) - 1);
}

/**
 * Whether a value is worth looking for: not what is too short, and neither a plain word nor the name
 * or address of somebody, which a log says for other reasons (`password` is a word that tests try as
 * a password, and so is everybody's address).
 */
export function isTelling(value: string): boolean {
  const text = value.trim();
  if (/^person\d+(@example\.com)?$/i.test(text)) return false;
  return value.length >= prefixLength && !/^([A-Z]?[a-z]+|[A-Z_]+|(.)\2*)$/.test(text);
}

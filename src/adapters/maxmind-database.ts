import {
  AddressNotFoundError,
  BadMethodCallError,
  Reader,
  type ReaderModel,
} from '@maxmind/geoip2-node';
import { readFile, stat } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Locator, Place } from '../context.ts';
import { placeOf } from './maxmind-place.ts';

type Lookup = (address: string) => Place | undefined;

/**
 * Looks addresses up in a MaxMind database file. The file is looked at before every look-up and
 * read again when it is another: it may be missing at first, be written over or be swapped in. A
 * file that cannot be used is logged once, and the one before it stays in use.
 */
export async function openMaxmindDatabase(file: string, log: Logger): Promise<Locator> {
  let lookUp: Lookup | undefined;
  let seen: string | undefined;
  let refreshing: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    const found = await versionOf(file);
    if (found === seen) return;
    try {
      const content = await readFile(file);
      seen = found; // also when it turns out to be unusable: it stays so until it changes
      lookUp = openLookup(content);
      log.info({ file }, 'the location database was read');
    } catch (error) {
      if (found === missing) seen = found;
      const kept = lookUp ? 'the one before it stays in use' : 'accounts are made without a place';
      log.warn({ err: error, file }, `the location database cannot be used; ${kept}`);
    }
  }

  /** One at a time: whoever comes meanwhile waits for the same. */
  async function refreshOnce(): Promise<void> {
    refreshing ??= refresh().finally(() => (refreshing = undefined));
    await refreshing;
  }

  await refreshOnce();
  return {
    isImmediate: true,
    async locate(address) {
      await refreshOnce();
      if (lookUp === undefined) throw new Error(`There is no location database at ${file}.`);
      return lookUp(address);
    },
  };
}

const missing = 'missing';

/** Differs from one content of the file to the next, however that came to be there. */
async function versionOf(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  // The time of the change, not of the content: an older file swapped in is a change as well.
  return found ? `${found.ino}:${found.size}:${found.ctimeNs}` : missing;
}

/**
 * Opens what was read, and keeps nothing beside it: the reader decodes records one by one and is
 * given no cache. Throws when it cannot be used.
 */
function openLookup(content: Buffer): Lookup {
  const lookUp = lookupOf(Reader.openBuffer(content));
  // What opens may still be cut short or overwritten in part: one look into each network of the
  // first octet (10 ms for all of them) finds pointers that lead nowhere.
  for (let octet = 1; octet < 224; octet += 1) lookUp(`${octet}.0.0.1`);
  return lookUp;
}

/** By the type the database itself states: City, Enterprise (a City with more) or Country. */
function lookupOf(reader: ReaderModel): Lookup {
  const methods = [
    (address: string) => reader.city(address),
    (address: string) => reader.enterprise(address),
    (address: string) => reader.country(address),
  ];
  const method = methods.find((candidate) => suits(candidate));
  if (method === undefined) throw new Error('It is neither a City nor a Country database.');
  return (address) => {
    try {
      return placeOf(method(address));
    } catch (error) {
      if (error instanceof AddressNotFoundError) return undefined;
      throw error;
    }
  };
}

function suits(method: (address: string) => unknown): boolean {
  try {
    method('127.0.0.1');
    return true;
  } catch (error) {
    return !(error instanceof BadMethodCallError);
  }
}

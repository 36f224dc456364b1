import { isIP } from 'node:net';
import { z } from 'zod';
import type { Limit } from '../limits.ts';

/** Seconds in each unit of a duration. */
export const durations = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

// A hundred years in seconds is more than a PostgreSQL integer holds; ten are plenty.
const maxSeconds = 3650 * durations.d;

/** Reads `90s`, `15m`, `12h` or `60d` as seconds; undefined when it is none of them. */
function seconds(text: string): number | undefined {
  const [, amount, unit] = /^([1-9]\d{0,8})([smhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const result = Number(amount) * durations[unit as keyof typeof durations];
  return result <= maxSeconds ? result : undefined;
}

/**
 * A text that `read` turns into a value; what it cannot read is refused with what is accepted.
 * `show` is how the refusal quotes the value.
 */
function text<T>(
  accepted: string,
  read: (value: string) => T | undefined,
  show = (value: string) => value,
) {
  return z.string().transform((value, issue): T => {
    const result = read(value);
    if (result !== undefined) return result;
    issue.addIssue({ code: 'custom', message: `is "${show(value)}"; accepted: ${accepted}` });
    return z.NEVER;
  });
}

export const plainText = (accepted = 'any text') => text(accepted, (value) => value);

export const secret = (minLength: number) =>
  text(
    `at least ${minLength} characters`,
    (value) => (value.length >= minLength ? value : undefined),
    () => '…',
  );

export const address = () =>
  text('an e-mail address', (value) => (/^\S+@\S+$/.test(value) ? value : undefined));

export const sender = () =>
  text('an address such as id@example.com or Example <id@example.com>', (value) =>
    /^([^<>"\p{Cc}]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u.test(value) ? value : undefined,
  );

export const path = () =>
  text('a path such as /confirm', (value) =>
    /^\/[^\s?#]*$/.test(value) && !value.startsWith('//') ? value : undefined,
  );

export const integer = (min: number, max: number) =>
  text(`a whole number from ${min} to ${max}`, (value) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
    return number >= min && number <= max ? number : undefined;
  });

/** A share of something. */
export const ratio = () =>
  text('a number from 0 to 1, as 0.25', (value) =>
    /^(0|1|0\.\d{1,6}|1\.0)$/.test(value) ? Number(value) : undefined,
  );

export const flag = () =>
  text('true or false', (value) =>
    value === 'true' ? true : value === 'false' ? false : undefined,
  );

export const duration = () =>
  text('a duration such as 90s, 15m, 12h or 60d, at most 3650d', seconds);

export const oneOf = <T extends string>(...values: readonly T[]) =>
  text(values.join(', '), (value) => values.find((candidate) => candidate === value));

const isUrlOf = (protocols: readonly string[], value: string) =>
  URL.canParse(value) && protocols.includes(new URL(value).protocol);
const beginnings = (protocols: readonly string[]) =>
  protocols.map((name) => `${name}//`).join(' or ');
// What stands before the @ is a password, and refusals end up in logs.
const withoutPassword = (value: string) => value.replace(/^.*@/s, '…@');

export const url = (...protocols: readonly string[]) =>
  text(
    `a URL that begins with ${beginnings(protocols)}`,
    (value) => (isUrlOf(protocols, value) ? value : undefined),
    withoutPassword,
  );

/** A URL that paths are added to. */
export const plainUrl = (...protocols: readonly string[]) =>
  text(
    `a URL that begins with ${beginnings(protocols)}, without user, query and fragment`,
    (value) => (isUrlOf(protocols, value) && !/[?#@]/.test(value) ? value : undefined),
    withoutPassword,
  );

export const urls = (...protocols: readonly string[]) =>
  text(
    `URLs that begin with ${beginnings(protocols)}, separated by commas`,
    (value) => {
      const list = value.split(',').map((entry) => entry.trim());
      return list.every((entry) => isUrlOf(protocols, entry)) ? list : undefined;
    },
    withoutPassword,
  );

export const origins = () =>
  text('origins such as https://app.example.com, separated by commas', (value) => {
    const list = value.split(',').map((entry) => entry.trim());
    return list.every((entry) => URL.canParse(entry) && new URL(entry).origin === entry)
      ? list
      : undefined;
  });

function isAddressRange(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  );
}

export const trustedProxies = () =>
  text('a number of hops, or addresses and CIDR ranges separated by commas', (value) => {
    if (/^\d{1,2}$/.test(value)) return Number(value);
    const list = value.split(',').map((entry) => entry.trim());
    return list.every(isAddressRange) ? list : undefined;
  });

export const networks = () =>
  text('addresses and CIDR ranges separated by commas', (value) => {
    const list = value.split(',').map((entry) => entry.trim());
    return list.every(isAddressRange) ? list : undefined;
  });

export const limit = () =>
  text(
    'a number of calls and a window such as 5/60s, or 0 for no limit',
    (value): Limit | undefined => {
      if (value === '0') return { max: 0, windowSeconds: 1 };
      const [max = '', window = '', ...rest] = value.split('/');
      const windowSeconds = seconds(window);
      if (!/^\d{1,6}$/.test(max) || !windowSeconds || rest.length > 0) return undefined;
      return { max: Number(max), windowSeconds };
    },
  );

/** A bucket of S3, or of what speaks like it where `endpoint` says. */
export interface S3Location {
  readonly bucket: string;
  /** A folder in the bucket, without slashes around it; may be empty. */
  readonly prefix: string;
  readonly region: string;
  readonly endpoint: string | undefined;
  /** Undefined: those of the machine, as all of Amazon's programs find them. */
  readonly credentials:
    { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

export type StorageLocation = { readonly folder: string } | { readonly s3: S3Location };

export const storage = () =>
  text(
    's3://KEY:SECRET@bucket/folder?endpoint=https://…&region=…, or file:///folder',
    (value): StorageLocation | undefined => {
      if (!URL.canParse(value)) return undefined;
      const url = new URL(value);
      if (url.protocol === 'file:') return url.host === '' ? { folder: url.pathname } : undefined;
      return url.protocol === 's3:' ? readS3Location(url) : undefined;
    },
    (value) => value.replace(/^.*@/s, '…@'),
  );

function readS3Location(url: URL): StorageLocation | undefined {
  const { endpoint, region = 'us-east-1', ...unknown } = Object.fromEntries(url.searchParams);
  const prefix = decoded(url.pathname)?.replace(/^\/+|\/+$/g, '');
  const [accessKeyId, secretAccessKey] = [decoded(url.username), decoded(url.password)];
  if (prefix === undefined || accessKeyId === undefined || secretAccessKey === undefined) return;
  if (url.hostname === '' || url.port !== '' || Object.keys(unknown).length > 0) return;
  if (endpoint !== undefined && !/^https?:\/\/[^/?#@]+$/.test(endpoint)) return;
  if ((accessKeyId === '') !== (secretAccessKey === '')) return; // they belong together
  const credentials = accessKeyId === '' ? undefined : { accessKeyId, secretAccessKey };
  return { s3: { bucket: url.hostname, prefix, region, endpoint, credentials } };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // a % that stands for nothing
  }
}

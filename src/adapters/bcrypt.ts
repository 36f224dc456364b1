/** What the native module and its stand-in in plain JavaScript have in common. */
export interface Bcrypt {
  hashSync(password: string, cost: number): string;
  compareSync(password: string, hash: string): boolean;
}

/**
 * The native module is an optional dependency: where it was neither built nor shipped for the
 * platform, `bcryptjs` makes the very same hashes, only slower.
 */
export async function loadBcrypt(): Promise<Bcrypt> {
  try {
    return (await import('bcrypt')).default;
  } catch {
    return (await import('bcryptjs')).default;
  }
}

/** bcrypt reads no further than this and would ignore the rest of a password. */
const MAX_PASSWORD_BYTES = 72;

/**
 * Whether bcrypt takes the whole password and every implementation takes it alike. NUL ends the
 * password in those written with C strings, so that what follows would count here and not there.
 * A surrogate without its other half has no UTF-8 form: one module writes U+FFFD, the other not.
 */
export function isHashable(password: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(password) && Buffer.byteLength(password) <= MAX_PASSWORD_BYTES;
}

const HASH = /^\$2[aby](\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53})$/;

/**
 * The hash under the prefix that both modules know, or null for what is no bcrypt hash. `2a`, `2b`
 * and PHP's `2y` name the same algorithm: they only set it apart from old, broken releases.
 */
export function normaliseHash(hash: string): string | null {
  const rest = HASH.exec(hash)?.[1];
  return rest === undefined ? null : `$2b${rest}`;
}

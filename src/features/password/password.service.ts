import { randomBytes } from 'node:crypto';
import type { Ctx, PasswordHash } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import { normalizePassword } from './password.rules.ts';

/**
 * A well-formed hash of no password, of the cost in use. Verifying against it takes as long as
 * against a real one, so the time of a refusal does not tell whether the account exists.
 */
function dummyHash(cost: number): PasswordHash {
  const digits = String(cost).padStart(2, '0');
  return `$2b$${digits}$CwTycUXWue0Thq9StjUM0uJ8.uIvM9VQxCqA5u4FqH0mC1v0r1S9i` as PasswordHash;
}

/**
 * A hash that no password has, for an account whose holder is to choose one by a mailed link: 23
 * bytes of a digest never end in `/` in bcrypt's alphabet. Verifying against it takes as long as
 * against any other.
 */
export function unusableHash(ctx: Ctx): PasswordHash {
  const cost = String(ctx.config.password.bcryptCost).padStart(2, '0');
  const saltAndDigest = randomBytes(39).toString('base64').replaceAll('+', '.');
  return `$2b$${cost}$${saltAndDigest}/` as PasswordHash;
}

/**
 * Hashes a password that somebody is to have from now on and that violates nothing else. Refuses
 * with `TOO_COMMON` on `field` one that has become public in a breach. It may wait for who knows
 * that, so it is not for the inside of a transaction. Denied like `hashPassword`.
 */
export async function hashNewPassword(
  ctx: Ctx,
  password: string,
  field: string,
): Promise<PasswordHash> {
  if (await isBreached(ctx, normalizePassword(password))) {
    refuse(ErrorCode.TOO_COMMON, field, 'has become public in a breach of some service');
  }
  return hashPassword(ctx, password);
}

/** False also while nobody can tell: who must change their password must be able to. */
async function isBreached({ ports, log }: Ctx, password: string): Promise<boolean> {
  try {
    return (await ports.isBreached?.(password)) ?? false;
  } catch (error) {
    log.warn({ err: error }, 'a new password was not looked up among breached ones');
    return false;
  }
}

/** Hashes a password. Denied with `SERVER_BUSY` when the queue is full. */
export function hashPassword(ctx: Ctx, password: string): Promise<PasswordHash> {
  return ctx.ports.passwords.hash(normalizePassword(password));
}

/** Whether `password` belongs to `hash`; takes the same time when there is no such account. */
export async function verifyPassword(
  ctx: Ctx,
  password: string,
  hash: PasswordHash | undefined,
): Promise<boolean> {
  const stored = hash ?? dummyHash(ctx.config.password.bcryptCost);
  const matches = await ctx.ports.passwords.verify(normalizePassword(password), stored);
  return matches && hash !== undefined;
}

/** Whether a hash was made with another cost, or by another bcrypt (`$2a$`, `$2y$`), than ours. */
export function isOutdated(ctx: Ctx, hash: PasswordHash): boolean {
  const cost = String(ctx.config.password.bcryptCost).padStart(2, '0');
  return !hash.startsWith(`$2b$${cost}$`);
}

import { randomBytes } from 'node:crypto';
import type { Ctx, PasswordHash } from '../../context.ts';
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

/** Hashes a new password. Denied with `SERVER_BUSY` when the queue is full. */
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

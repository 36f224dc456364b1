import { createHash } from 'node:crypto';
import type { Ctx, Places } from '../../context.ts';
import { Denial } from '../../errors.ts';
import type { LimitName } from '../../limits.ts';

/**
 * The key under which a limit counts: its name and a digest, so that limits never share a key and
 * no address stands readable in the store.
 */
export function limitKey(name: LimitName, identity: string): string {
  return `${name}:${createHash('sha256').update(identity).digest('base64url')}`;
}

/** The denial a limit ends in: counted, logged without the identity, true seconds left. */
export function rateLimited(
  ctx: Pick<Ctx, 'config' | 'log' | 'ports'>,
  name: LimitName,
  freeInMilliseconds: number,
): Denial {
  const retryAfter = Math.max(1, Math.ceil(freeInMilliseconds / 1000));
  ctx.ports.metrics.rateLimited(name);
  ctx.log.warn({ limit: name, retryAfter }, 'rate limit reached');
  return new Denial('RATE_LIMITED', `Too many attempts; try again in ${retryAfter} seconds.`, {
    limit: name,
    max: ctx.config.limits[name].max,
    retryAfter,
  });
}

/**
 * Takes a place for one request of `identity`. When the store is down requests go on: what only
 * reads must not fail with it, and the limits of credentials fail closed by themselves.
 */
export async function takeRequest(
  ctx: Pick<Ctx, 'config' | 'log' | 'ports'>,
  identity: string,
): Promise<void> {
  const { max, windowSeconds } = ctx.config.limits.REQUESTS;
  if (max === 0) return;
  const key = limitKey('REQUESTS', identity);
  let places: Places;
  try {
    places = await ctx.ports.requestLimits.take(key, max, windowSeconds * 1000, 1);
  } catch (error) {
    ctx.log.error({ err: error }, 'the store of rate limits cannot be reached');
    return;
  }
  if (places.granted === 0) throw rateLimited(ctx, 'REQUESTS', places.freeInMilliseconds);
}

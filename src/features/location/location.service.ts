import type { Ctx, Locator, Place, Tx } from '../../context.ts';
import type { UserId } from '../../identifiers.ts';
import { enqueue, type Attempt } from '../job/job.service.ts';
import { isPublicAddress, nowhere, storedPlace } from './location.rules.ts';

/**
 * Where an address is, as far as it can be told at once: from a database file, not from a service
 * somebody would wait for. Never refuses; what fails is logged and the place is `nowhere`.
 */
export async function locate(ctx: Ctx, address: string | null): Promise<Place> {
  const { locator } = ctx.ports;
  if (locator === undefined || !locator.isImmediate || !mayBeLocated(ctx, address)) return nowhere;
  try {
    return await ask(ctx, locator, address);
  } catch (error) {
    ctx.log.warn({ err: error }, 'the place of a registration could not be looked up');
    return nowhere;
  }
}

/** Leaves it to a job to ask a service where a user registered, once the user is committed. */
export async function locateLater(tx: Tx, userId: UserId, address: string | null): Promise<void> {
  const { locator } = tx.ports;
  if (locator === undefined || locator.isImmediate || !mayBeLocated(tx, address)) return;
  await enqueue(tx, 'locate-registration', { userId });
}

/**
 * Asks where a user registered, and stores the answer. Throws, to be tried again, when the service
 * does not answer. Does nothing when the user is gone, or when places are not asked for any more.
 */
export async function locateRegistration(
  ctx: Ctx,
  userId: UserId,
  attempt: Attempt,
): Promise<void> {
  const { locator } = ctx.ports;
  const [user]: { registration_ip: string | null }[] = await ctx.db.query(
    'SELECT registration_ip FROM users WHERE id = $1',
    [userId],
  );
  const address = user?.registration_ip ?? null;
  if (locator === undefined || !mayBeLocated(ctx, address)) return;
  try {
    const { countryCode, country, region, city } = await ask(ctx, locator, address);
    await ctx.db.query(storePlaceSql, [userId, countryCode, country, region, city]);
  } catch (error) {
    if (attempt.isLast) ctx.log.warn({ err: error, userId }, 'gave up looking for a registration');
    throw error;
  }
}

// Not a change of the user by anybody: `updated_at` stays.
const storePlaceSql = `
  UPDATE users SET registration_country_code = $2, registration_country = $3,
    registration_region = $4, registration_city = $5
  WHERE id = $1`;

function mayBeLocated(ctx: Ctx, address: string | null): address is string {
  if (address !== null && isPublicAddress(address)) return true;
  ctx.log.info('the place of a registration is unknown: its address is not a public one');
  return false;
}

async function ask(ctx: Ctx, locator: Locator, address: string): Promise<Place> {
  const place = storedPlace((await locator.locate(address)) ?? nowhere);
  if (Object.values(place).every((part) => part === null)) {
    ctx.log.info('the place of a registration is unknown: nothing is known of its address');
  }
  return place;
}

import type { Ctx } from '../../context.ts';
import type { SessionId, UserId } from '../../identifiers.ts';
import type { Lookup } from '../../statement.ts';
import { User } from '../user/user.entity.ts';
import type { Fingerprint } from './session.rules.ts';
import { sessionTokenKey, type SessionToken } from './session.token.ts';

export interface Authenticated {
  readonly user: User;
  readonly sessionId: SessionId;
  readonly fingerprint: Fingerprint;
  readonly roleNames: readonly string[];
}

// `lastSeenAt` is told to the minute.
const touchAfterSeconds = 60;

/**
 * Whose token this is: remembered, or one statement reads the session, its user and their role
 * names. Undefined for a token that is unknown, expired, idle for too long, or of an inactive user.
 */
export async function authenticate(
  ctx: Pick<Ctx, 'db' | 'config' | 'ports'>,
  token: SessionToken,
): Promise<Authenticated | undefined> {
  const key = sessionTokenKey(token);
  const known = ctx.ports.sessions.recall(key) as Authenticated | undefined;
  if (known !== undefined) {
    await afterWhatWasReceived();
    return known;
  }
  const remember = ctx.ports.sessions.begin();
  const row = await ctx.ports.lookUp<AuthenticationRow>(byToken, Buffer.from(key, 'base64'));
  const found = row && (await admit(ctx, row));
  if (row === undefined || found === undefined) return undefined;
  Object.freeze(found.user); // requests share it
  remember({ key, userId: row.user_id, value: found, milliseconds: millisecondsToRemember(row) });
  return found;
}

let received: Promise<void> | undefined;

/**
 * Lets the requests that have arrived be read before the first of them is answered, as a look-up
 * does. Answered one by one, each would wake its client and be waited for: under load that costs a
 * quarter of the requests a process serves.
 */
function afterWhatWasReceived(): Promise<void> {
  received ??= new Promise((resolve) => {
    setImmediate(() => {
      received = undefined;
      resolve();
    });
  });
  return received;
}

/** Until its end, and not beyond the minute after which the next use is noted in the database. */
function millisecondsToRemember({ idle_seconds, seconds_left }: AuthenticationRow): number {
  return Math.min(touchAfterSeconds - idle_seconds, seconds_left) * 1000;
}

/** Who was found, unless idle for too long; this is a use of the session, and noted as such. */
export async function admit(
  ctx: Pick<Ctx, 'db' | 'config'>,
  row: AuthenticationRow,
): Promise<Authenticated | undefined> {
  const { idleSeconds } = ctx.config.session;
  if (idleSeconds !== undefined && row.idle_seconds >= idleSeconds) return undefined;
  if (row.idle_seconds > touchAfterSeconds) await ctx.db.query(touchSql, [row.session_id]);
  return {
    user: userOf(row),
    sessionId: row.session_id,
    fingerprint: { ipAddress: row.ip_address, userAgentHash: row.user_agent_hash },
    roleNames: row.role_names,
  };
}

export interface AuthenticationRow {
  readonly session_id: SessionId;
  readonly ip_address: string | null;
  readonly user_agent_hash: Buffer | null;
  readonly idle_seconds: number;
  readonly seconds_left: number;
  readonly user_id: UserId;
  readonly email: string;
  readonly username: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly confirmed_at: number | null;
  readonly timezone: string | null;
  readonly preferred_locale: string | null;
  readonly registration_ip: string | null;
  readonly registration_country_code: string | null;
  readonly registration_country: string | null;
  readonly registration_region: string | null;
  readonly registration_city: string | null;
  readonly last_sign_in_at: number | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly role_names: string[];
}

const milliseconds = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`;

/**
 * Times as numbers: the driver takes 2 µs to read one that is text. Of the session only what every
 * request needs: each column costs, and few ask for `currentSession`.
 *
 * `LATERAL … LIMIT` makes PostgreSQL follow the indexes for each token, however small it believes
 * the tables to be. `(SELECT $1)` keeps the number of tokens from the planner: it would find a
 * plan for a single one so much cheaper than its general one that it would plan every time.
 */
export function authenticationBy(
  name: string,
  { condition, columns = '' }: { readonly condition: string; readonly columns?: string },
): Lookup {
  const text = `
  SELECT asked.place::int AS place, caller.*
  FROM unnest((SELECT $1::bytea[])) WITH ORDINALITY AS asked (key, place),
  LATERAL (
    SELECT ${columns} s.id AS session_id, s.ip_address, s.user_agent_hash,
      extract(epoch FROM now() - s.last_seen_at)::float8 AS idle_seconds,
      extract(epoch FROM s.expires_at - now())::float8 AS seconds_left,
      u.id AS user_id, u.email, u.username, u.first_name, u.last_name,
      ${milliseconds('u.confirmed_at')} AS confirmed_at,
      u.timezone, u.preferred_locale, u.registration_ip, u.registration_country_code,
      u.registration_country, u.registration_region, u.registration_city,
      ${milliseconds('u.last_sign_in_at')} AS last_sign_in_at,
      ${milliseconds('u.created_at')} AS created_at,
      ${milliseconds('u.updated_at')} AS updated_at,
      ARRAY(
        SELECT r.name FROM role_assignments a JOIN roles r ON r.id = a.role_id
        WHERE a.user_id = u.id ORDER BY r.name
      )::text[] AS role_names
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE ${condition} AND s.expires_at > now() AND u.is_active
    LIMIT 1
  ) AS caller`;
  return { name, text };
}

const byToken = authenticationBy('authentication', { condition: 's.token_hash = asked.key' });

// The condition stands here once more: of the requests that arrive together, one writes.
const touchSql = `
  UPDATE sessions SET last_seen_at = now()
  WHERE id = $1 AND last_seen_at < now() - interval '1 minute'`;

function userOf(row: AuthenticationRow): User {
  const user: Omit<User, 'passwordHash' | 'customFields'> = {
    id: row.user_id,
    email: row.email,
    username: row.username,
    firstName: row.first_name,
    lastName: row.last_name,
    isActive: true,
    confirmedAt: dateOf(row.confirmed_at),
    timezone: row.timezone,
    preferredLocale: row.preferred_locale,
    registrationIp: row.registration_ip,
    registrationCountryCode: row.registration_country_code,
    registrationCountry: row.registration_country,
    registrationRegion: row.registration_region,
    registrationCity: row.registration_city,
    lastSignInAt: dateOf(row.last_sign_in_at),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
  return Object.assign(new User(), user);
}

function dateOf(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}

import type { Ctx } from '../../context.ts';
import type { UserId } from '../../identifiers.ts';
import { User } from '../user/user.entity.ts';
import { Session } from './session.entity.ts';
import type { Fingerprint } from './session.rules.ts';
import { hashSessionToken, type SessionToken } from './session.token.ts';

export interface Authenticated {
  readonly user: User;
  readonly session: Session;
  readonly fingerprint: Fingerprint;
  readonly roleNames: readonly string[];
}

/**
 * Whose token this is: one statement reads the session, its user and their role names. Undefined
 * for a token that is unknown, expired, idle for too long, or of an inactive user.
 */
export async function authenticate(
  ctx: Pick<Ctx, 'db' | 'config' | 'ports'>,
  token: SessionToken,
): Promise<Authenticated | undefined> {
  const [row] = await ctx.ports.runPrepared<AuthenticationRow>(authentication, [
    hashSessionToken(token),
    ctx.config.session.idleSeconds ?? null,
  ]);
  if (row === undefined) return undefined;
  if (row.seen_long_ago) await ctx.db.query(touchSql, [row.session_id]);
  return {
    user: userOf(row),
    session: sessionOf(row),
    fingerprint: { ipAddress: row.ip_address, userAgentHash: row.user_agent_hash },
    roleNames: row.role_names,
  };
}

interface AuthenticationRow {
  readonly session_id: Session['id'];
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly user_agent_hash: Buffer | null;
  readonly last_seen_at: Date;
  readonly expires_at: Date;
  readonly session_created_at: Date;
  readonly seen_long_ago: boolean;
  readonly user_id: UserId;
  readonly email: string;
  readonly username: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly is_active: boolean;
  readonly confirmed_at: Date | null;
  readonly timezone: string | null;
  readonly preferred_locale: string | null;
  readonly registration_ip: string | null;
  readonly registration_country_code: string | null;
  readonly registration_country: string | null;
  readonly registration_region: string | null;
  readonly registration_city: string | null;
  readonly last_sign_in_at: Date | null;
  readonly user_created_at: Date;
  readonly user_updated_at: Date;
  readonly role_names: string[];
}

const authentication = {
  name: 'authentication',
  text: `
  SELECT s.id AS session_id, s.ip_address, s.user_agent, s.user_agent_hash, s.last_seen_at, s.expires_at,
    s.created_at AS session_created_at, s.last_seen_at < now() - interval '1 minute' AS seen_long_ago,
    u.id AS user_id, u.email, u.username, u.first_name, u.last_name, u.is_active, u.confirmed_at,
    u.timezone, u.preferred_locale, u.registration_ip,
    u.registration_country_code, u.registration_country, u.registration_region,
    u.registration_city, u.last_sign_in_at,
    u.created_at AS user_created_at, u.updated_at AS user_updated_at,
    ARRAY(
      SELECT r.name FROM role_assignments a JOIN roles r ON r.id = a.role_id
      WHERE a.user_id = u.id ORDER BY r.name
    )::text[] AS role_names
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.token_hash = $1 AND s.expires_at > now() AND u.is_active
    AND ($2::int IS NULL OR s.last_seen_at > now() - make_interval(secs => $2::int))`,
};

// The condition stands here once more: of the requests that arrive together, one writes.
const touchSql = `
  UPDATE sessions SET last_seen_at = now()
  WHERE id = $1 AND last_seen_at < now() - interval '1 minute'`;

function sessionOf(row: AuthenticationRow): Session {
  const session: Omit<Session, 'tokenHash'> = {
    id: row.session_id,
    userId: row.user_id,
    ipAddress: row.ip_address,
    userAgent: row.user_agent,
    userAgentHash: row.user_agent_hash,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    createdAt: row.session_created_at,
  };
  return Object.assign(new Session(), session);
}

function userOf(row: AuthenticationRow): User {
  const user: Omit<User, 'passwordHash'> = {
    id: row.user_id,
    email: row.email,
    username: row.username,
    firstName: row.first_name,
    lastName: row.last_name,
    isActive: row.is_active,
    confirmedAt: row.confirmed_at,
    timezone: row.timezone,
    preferredLocale: row.preferred_locale,
    registrationIp: row.registration_ip,
    registrationCountryCode: row.registration_country_code,
    registrationCountry: row.registration_country,
    registrationRegion: row.registration_region,
    registrationCity: row.registration_city,
    lastSignInAt: row.last_sign_in_at,
    createdAt: row.user_created_at,
    updatedAt: row.user_updated_at,
  };
  return Object.assign(new User(), user);
}

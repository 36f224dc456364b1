import type { Variables } from './variables.ts';

// The embedded server takes a hundred connections, of which each process needs five.
const maxEmbeddedWorkers = 16;

// The last use is written once a minute: a shorter limit would end sessions that are in use.
const minIdleSeconds = 120;

// A key that signed access tokens can be had for a day after the last of them.
const maxAccessTokenSeconds = 12 * 3600;

/** What is accepted by itself but not together. */
export function contradictions(env: Variables): string[] {
  const faults: string[] = [];
  const production = env.NODE_ENV === 'production';
  if (production && env.RATE_LIMITS === 'off') {
    faults.push('RATE_LIMITS is "off"; accepted in production: on');
  }
  if (production && (env.BCRYPT_COST ?? 12) < 10) {
    // OWASP Password Storage Cheat Sheet: bcrypt with a work factor of 10 or more.
    faults.push(`BCRYPT_COST is "${env.BCRYPT_COST}"; accepted in production: 10 to 20`);
  }
  faults.push(...missing(env, production), ...withEmbeddedDatabase(env));
  if ((env.SESSION_IDLE_TTL ?? Infinity) < minIdleSeconds) {
    faults.push('SESSION_IDLE_TTL is under two minutes; accepted: 2m and more');
  }
  if ((env.ACCESS_TOKEN_TTL ?? 0) > maxAccessTokenSeconds) {
    faults.push('ACCESS_TOKEN_TTL is over twelve hours; accepted: 12h and less');
  }
  if (['owner', 'admin'].includes((env.DEFAULT_ROLE ?? '').toLowerCase())) {
    faults.push(`DEFAULT_ROLE is "${env.DEFAULT_ROLE}"; accepted: any role except Owner and Admin`);
  }
  return faults;
}

/** What must be set, always or where it is in earnest. */
function missing(env: Variables, production: boolean): string[] {
  const faults: string[] = [];
  if (production && env.APP_SECRET === undefined) {
    faults.push('APP_SECRET is not set; accepted in production: at least 32 characters');
  }
  if (production && env.SENDGRID_API_KEY === undefined && env.SMTP_URL === undefined) {
    faults.push('SENDGRID_API_KEY or SMTP_URL is not set; accepted in production: one of them');
  }
  if ((env.MAXMIND_ACCOUNT_ID === undefined) !== (env.MAXMIND_LICENSE_KEY === undefined)) {
    faults.push('MAXMIND_ACCOUNT_ID and MAXMIND_LICENSE_KEY belong together; accepted: both');
  }
  return faults;
}

/** What only a PostgreSQL of one's own can have. */
function withEmbeddedDatabase(env: Variables): string[] {
  if (env.DATABASE_URL !== undefined) return [];
  const faults: string[] = [];
  for (const name of ['DATABASE_DIRECT_URL', 'DATABASE_REPLICA_URLS'] as const) {
    if (env[name] !== undefined) faults.push(`${name} is set; accepted: only with DATABASE_URL`);
  }
  if ((env.WORKERS ?? 1) > maxEmbeddedWorkers) {
    const accepted = `1 to ${maxEmbeddedWorkers}, or more with DATABASE_URL`;
    faults.push(`WORKERS is "${env.WORKERS}"; accepted: ${accepted}`);
  }
  return faults;
}

import { resolve } from 'node:path';
import { z } from 'zod';
import {
  duration,
  durations,
  flag,
  integer,
  limit,
  oneOf,
  origins,
  plainText,
  text,
  trustedProxies,
  url,
} from './config-values.ts';
import { defaultLimits, limitNames, type Limit, type LimitName } from './limits.ts';

/** Thrown when the environment cannot be used; names every fault at once. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

const limitVariables = Object.fromEntries(
  limitNames.map((name) => [`RATE_LIMIT_${name}`, limit().optional()]),
) as Record<`RATE_LIMIT_${LimitName}`, ReturnType<ReturnType<typeof limit>['optional']>>;

/** Every variable Gatehouse reads. `docs/configuration.md` lists the same, held by a test. */
const variables = z.object({
  NODE_ENV: oneOf('development', 'test', 'production').optional(),
  HOST: plainText().optional(),
  PORT: integer(0, 65_535).optional(),
  APP_URL: url('http:', 'https:').optional(),
  ALLOWED_ORIGINS: origins().optional(),
  TRUST_PROXY: trustedProxies().optional(),
  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  DATABASE_POOL_SIZE: integer(2, 1000).optional(),
  DATA_DIR: plainText().optional(),
  REDIS_URL: url('redis:', 'rediss:').optional(),
  BCRYPT_COST: integer(4, 20).optional(),
  PASSWORD_MIN_LENGTH: integer(6, 72).optional(),
  PASSWORD_REQUIRE_UPPERCASE: flag().optional(),
  PASSWORD_REQUIRE_LOWERCASE: flag().optional(),
  PASSWORD_REQUIRE_DIGIT: flag().optional(),
  PASSWORD_REQUIRE_SPECIAL: flag().optional(),
  ALLOW_REGISTRATION: flag().optional(),
  DEFAULT_ROLE: plainText().optional(),
  OWNER_EMAIL: text('an e-mail address', (value) =>
    /^\S+@\S+$/.test(value) ? value : undefined,
  ).optional(),
  SESSION_TTL: duration().optional(),
  SESSION_IDLE_TTL: duration().optional(),
  RATE_LIMITS: oneOf('on', 'off').optional(),
  ...limitVariables,
  AUDIT_RETENTION_DAYS: integer(1, 36_500).optional(),
  MAX_DEPTH: integer(3, 100).optional(),
  MAX_ALIASES: integer(1, 1000).optional(),
  MAX_TOKENS: integer(100, 100_000).optional(),
  MAX_COST: integer(100, 10_000_000).optional(),
  LOG_LEVEL: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').optional(),
});

export const variableNames: readonly string[] = Object.keys(variables.shape);

/** The environment, read once at start. Durations are seconds, sizes bytes. */
export interface Config {
  readonly production: boolean;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly appUrl: string | undefined;
    readonly allowedOrigins: readonly string[];
    readonly trustProxy: number | readonly string[] | undefined;
  };
  readonly database: { readonly url: string | undefined; readonly poolSize: number };
  readonly dataDir: string;
  readonly redisUrl: string | undefined;
  readonly password: PasswordPolicy & { readonly bcryptCost: number };
  readonly registration: {
    readonly allowed: boolean;
    readonly defaultRole: string;
    readonly ownerEmail: string | undefined;
  };
  readonly session: { readonly lifetimeSeconds: number; readonly idleSeconds: number | undefined };
  readonly limits: Readonly<Record<LimitName, Limit>>;
  readonly auditRetentionDays: number;
  readonly query: {
    readonly maxDepth: number;
    readonly maxAliases: number;
    readonly maxTokens: number;
    readonly maxCost: number;
  };
  readonly logLevel: string;
}

export interface PasswordPolicy {
  readonly minLength: number;
  readonly requireUppercase: boolean;
  readonly requireLowercase: boolean;
  readonly requireDigit: boolean;
  readonly requireSpecial: boolean;
}

type Variables = z.output<typeof variables>;

function readLimits(env: Variables): Record<LimitName, Limit> {
  const limits: Record<LimitName, Limit> = { ...defaultLimits };
  for (const name of limitNames) {
    const chosen: Limit = env[`RATE_LIMIT_${name}`] ?? defaultLimits[name];
    limits[name] = env.RATE_LIMITS === 'off' ? { ...chosen, max: 0 } : chosen;
  }
  return limits;
}

// The last use is written once a minute: a shorter limit would end sessions that are in use.
const minIdleSeconds = 120;

/** What is accepted by itself but not together. */
function contradictions(env: Variables): string[] {
  const faults: string[] = [];
  const production = env.NODE_ENV === 'production';
  if (production && env.RATE_LIMITS === 'off') {
    faults.push('RATE_LIMITS is "off"; accepted in production: on');
  }
  if (production && (env.BCRYPT_COST ?? 12) < 10) {
    // OWASP Password Storage Cheat Sheet: bcrypt with a work factor of 10 or more.
    faults.push(`BCRYPT_COST is "${env.BCRYPT_COST}"; accepted in production: 10 to 20`);
  }
  if ((env.SESSION_IDLE_TTL ?? Infinity) < minIdleSeconds) {
    faults.push('SESSION_IDLE_TTL is under two minutes; accepted: 2m and more');
  }
  if (['owner', 'admin'].includes((env.DEFAULT_ROLE ?? '').toLowerCase())) {
    faults.push(`DEFAULT_ROLE is "${env.DEFAULT_ROLE}"; accepted: any role except Owner and Admin`);
  }
  return faults;
}

function unknownLimits(environment: NodeJS.ProcessEnv): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('RATE_LIMIT_') && !variableNames.includes(name))
    .map((name) => `${name} is not a limit; accepted: ${limitNames.join(', ')} after RATE_LIMIT_`);
}

/**
 * Reads and checks the environment. An empty variable counts as not set.
 * @throws ConfigError naming every variable that cannot be used and what it accepts.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(given);
  const faults = unknownLimits(given);
  if (!parsed.success) {
    faults.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
    throw new ConfigError(faults);
  }
  faults.push(...contradictions(parsed.data));
  if (faults.length > 0) throw new ConfigError(faults);
  return toConfig(parsed.data);
}

function toHttp(env: Variables, production: boolean): Config['http'] {
  return {
    // A laptop's first start must not offer the Owner's seat to the whole network.
    host: env.HOST ?? (production ? '0.0.0.0' : 'localhost'),
    port: env.PORT ?? 4000,
    appUrl: env.APP_URL,
    allowedOrigins: env.ALLOWED_ORIGINS ?? [],
    trustProxy: env.TRUST_PROXY,
  };
}

function toConfig(env: Variables): Config {
  const production = env.NODE_ENV === 'production';
  return {
    production,
    http: toHttp(env, production),
    database: { url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE ?? 20 },
    dataDir: resolve(env.DATA_DIR ?? '.data'),
    redisUrl: env.REDIS_URL,
    password: {
      bcryptCost: env.BCRYPT_COST ?? 12,
      minLength: env.PASSWORD_MIN_LENGTH ?? 8,
      requireUppercase: env.PASSWORD_REQUIRE_UPPERCASE ?? false,
      requireLowercase: env.PASSWORD_REQUIRE_LOWERCASE ?? false,
      requireDigit: env.PASSWORD_REQUIRE_DIGIT ?? false,
      requireSpecial: env.PASSWORD_REQUIRE_SPECIAL ?? false,
    },
    registration: {
      allowed: env.ALLOW_REGISTRATION ?? true,
      defaultRole: env.DEFAULT_ROLE ?? 'User',
      ownerEmail: env.OWNER_EMAIL,
    },
    session: {
      lifetimeSeconds: env.SESSION_TTL ?? 60 * durations.d,
      idleSeconds: env.SESSION_IDLE_TTL,
    },
    limits: readLimits(env),
    auditRetentionDays: env.AUDIT_RETENTION_DAYS ?? 400,
    query: {
      maxDepth: env.MAX_DEPTH ?? 10,
      maxAliases: env.MAX_ALIASES ?? 30,
      maxTokens: env.MAX_TOKENS ?? 2000,
      maxCost: env.MAX_COST ?? 5000,
    },
    logLevel: env.LOG_LEVEL ?? (production ? 'info' : 'warn'),
  };
}

import { resolve } from 'node:path';
import { isIP } from 'node:net';
import { z } from 'zod';
import { defaultLimits, limitNames, type Limit, type LimitName } from './limits.ts';

/** Thrown when the environment cannot be used; names every fault at once. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

const durations = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Reads `90s`, `15m`, `12h` or `60d` as seconds; undefined when it is none of them. */
function seconds(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return Number(amount) * durations[unit as keyof typeof durations];
}

/** A text that `read` turns into a value; what it cannot read is refused with what is accepted. */
function text<T>(accepted: string, read: (value: string) => T | undefined) {
  return z.string().transform((value, issue): T => {
    const result = read(value);
    if (result !== undefined) return result;
    issue.addIssue({ code: 'custom', message: `is "${value}"; accepted: ${accepted}` });
    return z.NEVER;
  });
}

const plainText = (accepted = 'any text') => text(accepted, (value) => value);

const integer = (min: number, max: number) =>
  text(`a whole number from ${min} to ${max}`, (value) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
    return number >= min && number <= max ? number : undefined;
  });

const flag = () =>
  text('true or false', (value) =>
    value === 'true' ? true : value === 'false' ? false : undefined,
  );

const duration = () => text('a duration such as 90s, 15m, 12h or 60d', seconds);

const oneOf = <T extends string>(...values: readonly T[]) =>
  text(values.join(', '), (value) => values.find((candidate) => candidate === value));

const url = (...protocols: readonly string[]) =>
  text(`a URL that begins with ${protocols.map((name) => `${name}//`).join(' or ')}`, (value) =>
    URL.canParse(value) && protocols.includes(new URL(value).protocol) ? value : undefined,
  );

const origins = () =>
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

const trustedProxies = () =>
  text('a number of hops, or addresses and CIDR ranges separated by commas', (value) => {
    if (/^\d{1,2}$/.test(value)) return Number(value);
    const list = value.split(',').map((entry) => entry.trim());
    return list.every(isAddressRange) ? list : undefined;
  });

const limit = () =>
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

function toConfig(env: Variables): Config {
  const production = env.NODE_ENV === 'production';
  return {
    production,
    http: {
      // A laptop's first start must not offer the Owner's seat to the whole network.
      host: env.HOST ?? (production ? '0.0.0.0' : 'localhost'),
      port: env.PORT ?? 4000,
      appUrl: env.APP_URL,
      allowedOrigins: env.ALLOWED_ORIGINS ?? [],
      trustProxy: env.TRUST_PROXY,
    },
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

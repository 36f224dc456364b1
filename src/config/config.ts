import { resolve } from 'node:path';
import { contradictions } from './contradictions.ts';
import { toDatabase, type DatabaseConfig } from './database.ts';
import { toMail, type MailConfig } from './mail.ts';
import { toPassword, type PasswordConfig } from './password.ts';
import { durations, type StorageLocation } from './values.ts';
import { variables, type Variables } from './variables.ts';
import { defaultLimits, limitNames, type Limit, type LimitName } from '../limits.ts';

/** Thrown when the environment cannot be used; names every fault at once. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

export const variableNames: readonly string[] = Object.keys(variables.shape);

/** The environment, read once at start. Durations are seconds, sizes bytes. */
export interface Config {
  readonly production: boolean;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly appUrl: string | undefined;
    readonly appName: string;
    readonly allowedOrigins: readonly string[];
    readonly trustProxy: number | readonly string[] | undefined;
  };
  readonly database: DatabaseConfig;
  /** Processes that serve on this machine, behind one port. */
  readonly workers: number;
  readonly dataDir: string;
  /** Undefined outside production: then it is generated into `dataDir`. */
  readonly appSecret: string | undefined;
  readonly mail: MailConfig;
  readonly jobs: { readonly run: boolean };
  readonly location: LocationConfig;
  readonly redisUrl: string | undefined;
  readonly storage: StorageLocation;
  readonly password: PasswordConfig;
  readonly registration: {
    readonly allowed: boolean;
    readonly defaultRole: string;
    readonly ownerEmail: string | undefined;
    readonly requireConfirmedEmail: boolean;
    readonly hideRegisteredEmails: boolean;
  };
  readonly session: {
    readonly lifetimeSeconds: number;
    readonly idleSeconds: number | undefined;
    readonly fingerprint: 'off' | 'warn' | 'strict';
    readonly notifyNewDevice: boolean;
    readonly revokeOnRoleChange: boolean;
    /** Sessions a process remembers at most; 0 is none. */
    readonly cacheSize: number;
  };
  /** How long what is handed out once can be used. */
  readonly tokenSeconds: {
    readonly confirm: number;
    readonly resetPassword: number;
    readonly emailChange: number;
    readonly access: number;
  };
  /** Whether keys without a definition may be written. */
  readonly customFields: 'open' | 'defined';
  readonly limits: Readonly<Record<LimitName, Limit>>;
  readonly auditRetentionDays: number;
  readonly webhooks: {
    /** Not public, or without TLS, and webhooks may go there all the same. */
    readonly allowedNetworks: readonly string[];
    readonly retentionDays: number;
  };
  readonly query: {
    readonly maxDepth: number;
    readonly maxAliases: number;
    readonly maxTokens: number;
    readonly maxCost: number;
  };
  readonly logLevel: string;
  /** Where traces are sent, and which share of them; undefined when nobody receives them. */
  readonly traces: { readonly endpoint: string; readonly ratio: number } | undefined;
}

export interface LocationConfig {
  readonly track: boolean;
  readonly database: string | undefined;
  readonly webService:
    { readonly accountId: number; readonly licenseKey: string; readonly host: string } | undefined;
}

function readLimits(env: Variables): Record<LimitName, Limit> {
  const limits: Record<LimitName, Limit> = { ...defaultLimits };
  for (const name of limitNames) {
    const chosen: Limit = env[`RATE_LIMIT_${name}`] ?? defaultLimits[name];
    limits[name] = env.RATE_LIMITS === 'off' ? { ...chosen, max: 0 } : chosen;
  }
  return limits;
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
    appUrl: env.APP_URL?.replace(/\/+$/, ''),
    appName: env.APP_NAME ?? 'Gatehouse',
    allowedOrigins: env.ALLOWED_ORIGINS ?? [],
    trustProxy: env.TRUST_PROXY,
  };
}

function toSession(env: Variables): Config['session'] {
  return {
    lifetimeSeconds: env.SESSION_TTL ?? 60 * durations.d,
    idleSeconds: env.SESSION_IDLE_TTL,
    fingerprint: env.SESSION_FINGERPRINT ?? 'warn',
    notifyNewDevice: env.NOTIFY_NEW_DEVICE ?? false,
    revokeOnRoleChange: env.REVOKE_ON_ROLE_CHANGE ?? false,
    cacheSize: env.SESSION_CACHE === 'off' ? 0 : (env.SESSION_CACHE_SIZE ?? 10_000),
  };
}

function toTokenSeconds(env: Variables): Config['tokenSeconds'] {
  return {
    confirm: env.CONFIRM_TTL ?? 7 * durations.d,
    resetPassword: env.RESET_PASSWORD_TTL ?? durations.h,
    emailChange: env.EMAIL_CHANGE_TTL ?? 7 * durations.d,
    access: env.ACCESS_TOKEN_TTL ?? 10 * durations.m,
  };
}

function toRegistration(env: Variables): Config['registration'] {
  return {
    allowed: env.ALLOW_REGISTRATION ?? true,
    defaultRole: env.DEFAULT_ROLE ?? 'User',
    ownerEmail: env.OWNER_EMAIL,
    requireConfirmedEmail: env.REQUIRE_CONFIRMED_EMAIL ?? true,
    hideRegisteredEmails: env.HIDE_REGISTERED_EMAILS ?? false,
  };
}

function toLocation(env: Variables): LocationConfig {
  const { MAXMIND_ACCOUNT_ID: accountId, MAXMIND_LICENSE_KEY: licenseKey } = env;
  const host = env.MAXMIND_HOST ?? 'geoip.maxmind.com';
  return {
    track: env.TRACK_REGISTRATION_LOCATION ?? true,
    database: env.GEOIP_DATABASE,
    webService: accountId && licenseKey ? { accountId, licenseKey, host } : undefined,
  };
}

function toWebhooks(env: Variables): Config['webhooks'] {
  return {
    allowedNetworks: env.WEBHOOK_ALLOWED_NETWORKS ?? [],
    retentionDays: env.WEBHOOK_RETENTION_DAYS ?? 30,
  };
}

function toQuery(env: Variables): Config['query'] {
  return {
    maxDepth: env.MAX_DEPTH ?? 10,
    maxAliases: env.MAX_ALIASES ?? 30,
    maxTokens: env.MAX_TOKENS ?? 2000,
    maxCost: env.MAX_COST ?? 5000,
  };
}

function toTraces(env: Variables): Config['traces'] {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  return endpoint === undefined ? undefined : { endpoint, ratio: env.OTEL_TRACES_SAMPLER_ARG ?? 1 };
}

function toConfig(env: Variables): Config {
  const production = env.NODE_ENV === 'production';
  return {
    production,
    http: toHttp(env, production),
    database: toDatabase(env),
    workers: env.WORKERS ?? 1,
    dataDir: resolve(env.DATA_DIR ?? '.data'),
    appSecret: env.APP_SECRET,
    mail: toMail(env),
    jobs: { run: env.RUN_JOBS ?? true },
    location: toLocation(env),
    redisUrl: env.REDIS_URL,
    storage: env.STORAGE_URL ?? { folder: resolve(env.DATA_DIR ?? '.data', 'files') },
    password: toPassword(env),
    registration: toRegistration(env),
    session: toSession(env),
    tokenSeconds: toTokenSeconds(env),
    customFields: env.CUSTOM_FIELDS ?? 'open',
    limits: readLimits(env),
    auditRetentionDays: env.AUDIT_RETENTION_DAYS ?? 400,
    webhooks: toWebhooks(env),
    query: toQuery(env),
    traces: toTraces(env),
    logLevel: env.LOG_LEVEL ?? (production ? 'info' : 'warn'),
  };
}

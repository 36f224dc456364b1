import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig, variableNames, type Config } from '../../src/config/config.ts';
import { defaultLimits, limitNames } from '../../src/limits.ts';
import { faultsOf } from './faults.ts';

describe('production', () => {
  const production = {
    NODE_ENV: 'production',
    APP_SECRET: 'a secret of 32 characters at least',
    SMTP_URL: 'smtp://localhost',
  };

  test('does not go without limits', () => {
    expect(faultsOf({ ...production, RATE_LIMITS: 'off' })).toEqual([
      'RATE_LIMITS is "off"; accepted in production: on',
    ]);
  });

  test('does not go with weak hashes', () => {
    expect(faultsOf({ ...production, BCRYPT_COST: '9' })).toEqual([
      'BCRYPT_COST is "9"; accepted in production: 10 to 20',
    ]);
    expect(faultsOf({ ...production, BCRYPT_COST: '10' })).toEqual([]);
  });

  test('has all that contradicts it named at once', () => {
    const environment = { RATE_LIMITS: 'off', BCRYPT_COST: '4', DEFAULT_ROLE: 'Owner' };
    expect(faultsOf({ ...production, ...environment })).toHaveLength(3);
    expect(faultsOf({ ...environment, DEFAULT_ROLE: 'User' })).toEqual([]);
  });

  test('listens on all addresses and logs what happens; a laptop does neither', () => {
    expect(readConfig(production)).toMatchObject({
      production: true,
      http: { host: '0.0.0.0' },
      logLevel: 'info',
    });
    expect(readConfig({})).toMatchObject({
      production: false,
      http: { host: 'localhost' },
      logLevel: 'warn',
    });
  });
});

describe('without any variable', () => {
  test('everything has the default the manual says', () => {
    const expected: Config = {
      production: false,
      http: {
        host: 'localhost',
        port: 4000,
        appUrl: undefined,
        appName: 'Gatehouse',
        allowedOrigins: [],
        trustProxy: undefined,
      },
      database: { url: undefined, directUrl: undefined, replicaUrls: [], poolSize: 20 },
      workers: 1,
      dataDir: resolve('.data'),
      appSecret: undefined,
      mail: {
        sendgrid: undefined,
        smtpUrl: undefined,
        from: 'Gatehouse <no-reply@localhost>',
        templates: undefined,
        paths: {
          confirm: '/confirm',
          resetPassword: '/reset-password',
          emailChange: '/confirm-email',
        },
      },
      jobs: { run: true },
      webhooks: { allowedNetworks: [], retentionDays: 30 },
      location: { track: true, database: undefined, webService: undefined },
      redisUrl: undefined,
      storage: { folder: resolve('.data/files') },
      password: {
        bcryptCost: 12,
        breachesUrl: undefined,
        minLength: 8,
        requireUppercase: false,
        requireLowercase: false,
        requireDigit: false,
        requireSpecial: false,
        contextNames: ['Gatehouse', 'localhost', 'no-reply'],
      },
      registration: {
        allowed: true,
        defaultRole: 'User',
        ownerEmail: undefined,
        requireConfirmedEmail: true,
        hideRegisteredEmails: false,
      },
      session: {
        lifetimeSeconds: 60 * 24 * 3600,
        idleSeconds: undefined,
        fingerprint: 'warn',
        notifyNewDevice: false,
        revokeOnRoleChange: false,
        cacheSize: 10_000,
      },
      tokenSeconds: {
        confirm: 7 * 24 * 3600,
        resetPassword: 3600,
        emailChange: 7 * 24 * 3600,
        access: 600,
      },
      customFields: 'open',
      limits: {
        LOGIN: { max: 5, windowSeconds: 60 },
        LOGIN_ACCOUNT: { max: 30, windowSeconds: 60 },
        LOGIN_NETWORK: { max: 15, windowSeconds: 60 },
        REGISTER_EMAIL: { max: 3, windowSeconds: 3600 },
        REGISTER_NETWORK: { max: 10, windowSeconds: 3600 },
        VALIDATE_NETWORK: { max: 60, windowSeconds: 60 },
        MAIL_EMAIL: { max: 3, windowSeconds: 300 },
        MAIL_NETWORK: { max: 10, windowSeconds: 300 },
        TOKEN_NETWORK: { max: 20, windowSeconds: 60 },
        PASSWORD_USER: { max: 5, windowSeconds: 60 },
        AVATAR_USER: { max: 30, windowSeconds: 60 },
        REQUESTS: { max: 600, windowSeconds: 60 },
      },
      auditRetentionDays: 400,
      query: { maxDepth: 10, maxAliases: 30, maxTokens: 2000, maxCost: 5000 },
      traces: undefined,
      logLevel: 'warn',
    };
    expect(readConfig({})).toEqual(expected);
  });

  test('and with every variable empty it is the same', () => {
    const empty = Object.fromEntries(variableNames.map((name) => [name, '']));
    expect(readConfig({ ...empty, RATE_LIMIT_NOTHING: '' })).toEqual(readConfig({}));
  });

  test('what others put into the environment does not matter', () => {
    expect(readConfig({ PATH: '/bin', port: '1', GATEHOUSE: 'x' })).toEqual(readConfig({}));
  });
});

describe('values', () => {
  test('are read as what they mean', () => {
    const config = readConfig({
      PORT: '0',
      ALLOWED_ORIGINS: 'https://a.example, http://localhost:3000',
      TRUST_PROXY: '10.0.0.0/8, ::1, 192.0.2.7',
      SESSION_TTL: '12h',
      SESSION_IDLE_TTL: '15m',
      RATE_LIMIT_LOGIN: '7/2m',
      RATE_LIMIT_REQUESTS: '0',
      DATABASE_URL: 'postgresql://app:secret@db.example/app',
      PASSWORD_REQUIRE_DIGIT: 'true',
    });
    expect(config).toMatchObject({
      http: {
        port: 0,
        allowedOrigins: ['https://a.example', 'http://localhost:3000'],
        trustProxy: ['10.0.0.0/8', '::1', '192.0.2.7'],
      },
      database: { url: 'postgresql://app:secret@db.example/app' },
      session: { lifetimeSeconds: 43_200, idleSeconds: 900 },
      password: { requireDigit: true },
    });
    expect(config.limits.LOGIN).toEqual({ max: 7, windowSeconds: 120 });
    expect(config.limits.REQUESTS.max).toBe(0);
    expect(readConfig({ TRUST_PROXY: '2' }).http.trustProxy).toBe(2);
  });

  test('SESSION_CACHE=off remembers none, however many are set', () => {
    const size = { SESSION_CACHE_SIZE: '50' };
    expect(readConfig({ ...size, SESSION_CACHE: 'off' }).session.cacheSize).toBe(0);
    expect(readConfig({ ...size, SESSION_CACHE: 'on' }).session.cacheSize).toBe(50);
  });

  test('RATE_LIMITS=off switches every limit off, those that are set too', () => {
    const { limits } = readConfig({ RATE_LIMITS: 'off', RATE_LIMIT_LOGIN: '5/60s' });
    for (const name of limitNames) expect(limits[name].max).toBe(0);
    expect(readConfig({ RATE_LIMITS: 'on' }).limits).toEqual(defaultLimits);
  });
});

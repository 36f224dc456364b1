import { describe, expect, test } from 'vitest';
import { readConfig, variableNames } from '../../src/config/config.ts';
import { limitNames } from '../../src/limits.ts';
import { faultsOf } from './faults.ts';

const duration = 'a duration such as';
const limit = 'a number of calls and a window such as 5/60s, or 0 for no limit';
const flag = 'true or false';

const refused: readonly [name: string, values: readonly string[], accepted: string][] = [
  ['NODE_ENV', ['prod', 'Production', ' production'], 'development, test, production'],
  [
    'PORT',
    ['65536', '-1', '80.5', 'http', '4000 ', '1e3', '0x50'],
    'a whole number from 0 to 65535',
  ],
  ['APP_URL', ['id.example.com', 'ftp://example.com', '/'], 'http:// or https://'],
  ['SENDGRID_URL', ['api.sendgrid.com', 'ftp://api.sendgrid.com'], 'http:// or https://'],
  ['SMTP_URL', ['mail.example.com', 'http://mail.example.com'], 'smtp:// or smtps://'],
  ['MAIL_FROM', ['nobody', 'A <b>', 'a@b <c@d> e', 'a b@c'], 'an address such as id@example.com'],
  ['CONFIRM_PATH', ['confirm', '//evil.example', '/a?b', '/a#b', '/a b'], 'a path such as'],
  ['RESET_PASSWORD_PATH', ['reset', 'https://example.com/'], 'a path such as'],
  ['EMAIL_CHANGE_PATH', ['change', '/?token='], 'a path such as'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', ['collector:4318', 'grpc://collector'], 'http:// or https://'],
  ['OTEL_TRACES_SAMPLER_ARG', ['1.5', '-0.1', 'all', '5%', '.5'], 'a number from 0 to 1'],
  ['RUN_JOBS', ['yes', 'off'], flag],
  ['MAXMIND_ACCOUNT_ID', ['0', 'me', '-5'], 'a whole number from 1'],
  ['TRACK_REGISTRATION_LOCATION', ['on', '1'], flag],
  ['REQUIRE_CONFIRMED_EMAIL', ['on', '1'], flag],
  ['HIDE_REGISTERED_EMAILS', ['on', '1'], flag],
  ['SESSION_FINGERPRINT', ['on', 'Strict', 'true'], 'off, warn, strict'],
  ['NOTIFY_NEW_DEVICE', ['on', '1'], flag],
  ['REVOKE_ON_ROLE_CHANGE', ['on', '1'], flag],
  [
    'ALLOWED_ORIGINS',
    ['*', 'example.com', 'https://example.com/', 'https://a.example, *', 'https://a.example,'],
    'origins such as https://app.example.com',
  ],
  [
    'TRUST_PROXY',
    ['true', '-1', '1.5', '10.0.0.0/33', '10.0.0/8', '::1/129', '10.0.0.1,', 'example.com', '100'],
    'a number of hops, or addresses and CIDR ranges',
  ],
  [
    'DATABASE_URL',
    ['mysql://localhost/x', 'localhost:5432', '5432'],
    'postgres:// or postgresql://',
  ],
  [
    'DATABASE_DIRECT_URL',
    ['mysql://localhost/x', 'localhost:5432'],
    'postgres:// or postgresql://',
  ],
  [
    'DATABASE_REPLICA_URLS',
    ['localhost', 'postgres://localhost/x,', 'postgres://localhost/x,redis://localhost'],
    'URLs that begin with postgres:// or postgresql://, separated by commas',
  ],
  ['WORKERS', ['0', '65', 'auto', '2.5'], 'a whole number from 1 to 64'],
  ['DATABASE_POOL_SIZE', ['0', '3', '1001', 'many'], 'a whole number from 4 to 1000'],
  ['REDIS_URL', ['localhost:6379', 'http://localhost'], 'redis:// or rediss://'],
  [
    'STORAGE_URL',
    [
      '/var/lib/files',
      'https://bucket.example.com',
      'file://host/folder',
      's3://',
      's3:bucket',
      's3://bucket:9000/folder',
      's3://bucket?endpoint=minio:9000',
      's3://bucket?endpoint=ftp://host',
      's3://bucket?regoin=eu-central-1',
    ],
    's3://KEY:SECRET@bucket/folder?endpoint=https://…&region=…, or file:///folder',
  ],
  ['SESSION_CACHE_SIZE', ['off', '-1', '1000001'], 'a whole number from 0 to 1000000'],
  ['SESSION_CACHE', ['false', '0', 'ON', '1000'], 'on, off'],
  ['CONFIRM_TTL', ['7', 'off', '3651d'], duration],
  ['RESET_PASSWORD_TTL', ['60', '0s', 'never'], duration],
  ['EMAIL_CHANGE_TTL', ['7 d', '-1d'], duration],
  ['ACCESS_TOKEN_TTL', ['600', '0m'], duration],
  ['BCRYPT_COST', ['3', '21', 'high'], 'a whole number from 4 to 20'],
  ['PASSWORD_MIN_LENGTH', ['5', '73', '-8', 'long'], 'a whole number from 6 to 72'],
  ['PASSWORD_REQUIRE_UPPERCASE', ['yes', '1', 'TRUE'], flag],
  ['PASSWORD_REQUIRE_LOWERCASE', ['yes', '0', 'False'], flag],
  ['PASSWORD_REQUIRE_DIGIT', ['on', 'true '], flag],
  ['PASSWORD_REQUIRE_SPECIAL', ['!', 'off'], flag],
  [
    'BREACHED_PASSWORDS_URL',
    ['api.example.com/range', 'ftp://api.example.com', 'https://api.example.com/range?mode=ntlm'],
    'a URL that begins with http:// or https://, without user, query and fragment',
  ],
  ['ALLOW_REGISTRATION', ['no', 'closed'], flag],
  ['DEFAULT_ROLE', ['Owner', 'admin', 'ADMIN'], 'any role except Owner and Admin'],
  ['OWNER_EMAIL', ['boss', '@', 'a b@example.com', 'boss@'], 'an e-mail address'],
  ['SESSION_TTL', ['60', '60 d', '0d', '-1d', '1w', '1.5h', '3651d', '99999999d'], duration],
  ['SESSION_IDLE_TTL', ['off', '0s', '30', '999999999d'], duration],
  ['CUSTOM_FIELDS', ['closed', 'Open', 'true'], 'open, defined'],
  ['RATE_LIMITS', ['false', 'OFF', 'none'], 'on, off'],
  ['RATE_LIMIT_LOGIN', ['5', '5/', '/60s', '5/60', '5/0s', '-5/60s', '5/60s/2', 'off'], limit],
  ['AUDIT_RETENTION_DAYS', ['0', '400d', '36501'], 'a whole number from 1 to 36500'],
  [
    'WEBHOOK_ALLOWED_NETWORKS',
    ['localhost', '10.0.0.0/33', '::1/129', '127.0.0.1,', '10'],
    'addresses and CIDR ranges separated by commas',
  ],
  ['WEBHOOK_RETENTION_DAYS', ['0', '30d', '36501'], 'a whole number from 1 to 36500'],
  ['MAX_DEPTH', ['2', '101', 'deep'], 'a whole number from 3 to 100'],
  ['MAX_ALIASES', ['0', '1001'], 'a whole number from 1 to 1000'],
  ['MAX_TOKENS', ['99', '100001'], 'a whole number from 100 to 100000'],
  ['MAX_COST', ['99', '10000001'], 'a whole number from 100 to 10000000'],
  ['LOG_LEVEL', ['verbose', 'INFO'], 'trace, debug, info, warn, error, fatal, silent'],
];

describe('a value that cannot be used', () => {
  const cases = refused.flatMap(([name, values, accepted]) =>
    values.map((value) => ({ name, value, accepted })),
  );

  test.each(cases)('$name=$value is refused with what is accepted', ({ name, value, accepted }) => {
    const faults = faultsOf({ [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name} is "`));
    expect(faults[0]).toContain(value);
    expect(faults[0]).toContain(`accepted: `);
    expect(faults[0]).toContain(accepted);
  });

  test('of every variable is among those tried here, but for those that take any text', () => {
    const tried = refused.map(([name]) => name);
    const others = variableNames.filter((name) => !tried.includes(name));
    expect(others.filter((name) => !name.startsWith('RATE_LIMIT_'))).toEqual([
      'HOST',
      'APP_NAME',
      'APP_SECRET',
      'DATA_DIR',
      'SENDGRID_API_KEY',
      'MAIL_TEMPLATES',
      'GEOIP_DATABASE',
      'MAXMIND_LICENSE_KEY',
      'MAXMIND_HOST',
    ]);
  });

  test('of APP_SECRET is not repeated: refusals end up in logs', () => {
    expect(faultsOf({ APP_SECRET: 'short' })).toEqual([
      'APP_SECRET is "…"; accepted: at least 32 characters',
    ]);
  });

  test.each(limitNames)('of the limit %s is refused', (name) => {
    expect(faultsOf({ [`RATE_LIMIT_${name}`]: 'often' })).toEqual([
      `RATE_LIMIT_${name} is "often"; accepted: ${limit}`,
    ]);
  });

  test('is named together with all others, in one message', () => {
    const environment = {
      PORT: 'x',
      BCRYPT_COST: 'y',
      SESSION_TTL: 'z',
      RATE_LIMIT_NOTHING: '1/1s',
    };
    const faults = faultsOf(environment);
    expect(faults).toHaveLength(4);
    for (const name of Object.keys(environment)) {
      expect(faults.filter((fault) => fault.startsWith(`${name} `))).toHaveLength(1);
    }
    expect(() => readConfig(environment)).toThrow(
      /cannot be used:\n {2}RATE_LIMIT_NOTHING .*\n {2}PORT .*\n {2}BCRYPT_COST .*\n {2}SESSION_TTL /,
    );
  });

  test('is quoted without the password it may hold', () => {
    for (const [name, value] of [
      ['DATABASE_URL', 'mysql://app:hunter2@db.example/app'],
      ['DATABASE_URL', 'app:hunter2@db.example'],
      ['DATABASE_URL', 'postgres//app:hun@ter2@db.example'],
      ['REDIS_URL', 'http://:hunter2@cache.example'],
      ['BREACHED_PASSWORDS_URL', 'https://app:hunter2@api.example'],
      ['STORAGE_URL', 's3://:hunter2@bucket'],
      ['STORAGE_URL', 's3://key:hun%ter2@bucket'],
    ] as const) {
      const [fault = ''] = faultsOf({ [name]: value });
      expect(fault).toContain(`${name} is "…@`);
      expect(fault).not.toMatch(/hun|ter2/);
    }
  });
});

describe('an unknown limit', () => {
  test.each(['RATE_LIMIT_LOGINS', 'RATE_LIMIT_login', 'RATE_LIMIT_'])(
    '%s is refused with the names there are',
    (name) => {
      expect(faultsOf({ [name]: '5/60s' })).toEqual([
        `${name} is not a limit; accepted: ${limitNames.join(', ')} after RATE_LIMIT_`,
      ]);
    },
  );
});

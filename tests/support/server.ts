import { join } from 'node:path';
import { pino } from 'pino';
import { inject } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { startServer } from '../../src/server.ts';
import { Client } from './client.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { keepLogged, keepSecretsOfEnvironment } from './secrets.ts';

export interface TestServer {
  readonly url: string;
  readonly database: TestDatabase;
  /** A signed-out client. */
  readonly client: Client;
  /** Every line logged, as JSON. */
  readonly logged: readonly string[];
  stop(): Promise<void>;
}

// Hashing must not dominate the tests' time; the tests of hashing choose their own cost.
const defaults = {
  BCRYPT_COST: '4',
  RATE_LIMITS: 'off',
  // What tests arrange by SQL must be true at once; the tests of the memory turn it on.
  SESSION_CACHE_SIZE: '0',
  HOST: '127.0.0.1',
  PORT: '0',
  APP_SECRET: 'the secret of the tests, which is no secret',
};

/** What production asks for. Mail goes nowhere, and is tried again until the test is over. */
export const production = {
  NODE_ENV: 'production',
  BCRYPT_COST: '10',
  RATE_LIMITS: 'on',
  SMTP_URL: 'smtp://127.0.0.1:9',
};

/**
 * A server in this process, on a clean database and a free port. `environment` is what an
 * operator would set. With `database`, several servers share one, and none of them drops it.
 */
export async function startTestServer(
  environment: Readonly<Record<string, string>> = {},
  database?: TestDatabase,
): Promise<TestServer> {
  const own = database ?? (await createTestDatabase());
  const logged: string[] = [];
  const write = (line: string) => {
    logged.push(line);
    keepLogged(line);
  };
  const DATA_DIR = join(inject('temporaryFolder'), 'data-of-servers');
  const given = { ...defaults, DATABASE_URL: own.url, DATA_DIR, ...environment };
  keepSecretsOfEnvironment(given);
  const config = readConfig(given);
  const log = pino({ level: 'debug' }, { write });
  const server = await startServer(config, log);
  return {
    url: server.url,
    database: own,
    client: new Client(server.url),
    logged,
    async stop() {
      await server.close();
      if (database === undefined) await own.drop();
    },
  };
}

import { expect, onTestFinished } from 'vitest';
import type { Answer, Client } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { loginMutation, type LoginResult } from '../support/people.ts';
import { startRedisServer } from '../support/redis-server.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Where limits keep their counters; what holds must hold for both. */
export const stores = ['PostgreSQL', 'Redis'] as const;
export type StoreName = (typeof stores)[number];

interface LimitedServers {
  readonly servers: readonly [TestServer, ...TestServer[]];
  readonly server: TestServer;
  readonly database: TestDatabase;
}

/** Servers with their limits on, on one database and one store, all gone after the test. */
export async function startLimited(
  store: StoreName,
  environment: Readonly<Record<string, string>> = {},
  instances = 1,
): Promise<LimitedServers> {
  const redis = store === 'Redis' ? await startRedisServer() : undefined;
  const database = await createTestDatabase();
  const given = { RATE_LIMITS: 'on', ...(redis && { REDIS_URL: redis.url }), ...environment };
  const server = await startTestServer(given, database);
  const servers: [TestServer, ...TestServer[]] = [server];
  while (servers.length < instances) servers.push(await startTestServer(given, database));
  onTestFinished(async () => {
    for (const one of servers) await one.stop();
    await database.drop();
    await redis?.stop();
  });
  return { servers, server, database };
}

/** A client as the server sees it through one trusted proxy (`TRUST_PROXY=1`). */
export function from(server: TestServer, address: string): Client {
  return server.client.with({ 'x-forwarded-for': address });
}

/** Tries to sign in, by default with a wrong password. */
export function attempt(client: Client, email: string, password = 'not the password') {
  return client.graphql<LoginResult>(loginMutation, { input: { email, password } });
}

export function times<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

/**
 * How many of the answers passed. Those that did not must be `RATE_LIMITED` by one of `limits`,
 * and say for how long.
 */
export function passed(answers: readonly Answer<unknown>[], ...limits: readonly string[]): number {
  const denied = answers.filter((answer) => answer.errors.length > 0);
  for (const { errors, headers } of denied) {
    const { code, limit, retryAfter } = errors[0]?.extensions ?? { code: 'none' };
    expect(code).toBe('RATE_LIMITED');
    expect(limits).toContain(limit);
    expect(retryAfter).toBeGreaterThanOrEqual(1);
    expect(headers.get('retry-after')).toBe(String(retryAfter));
  }
  return answers.length - denied.length;
}

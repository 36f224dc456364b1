import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  activeOwners,
  demoteToUser,
  ending,
  registerOwners,
  removeRole,
  transferOwnership,
} from '../role/role-operations.ts';
import type { Client } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { deleteUser, updateUserStatus } from './accounts.ts';
import { takeSnapshot, type Snapshot } from './ranks/snapshot.ts';

// Ten seconds on a machine of its own; others may be at work on this one.
vi.setConfig({ testTimeout: 120_000 });

// Two Owners on one database, each of whom can call either of two instances.
let database: TestDatabase;
let servers: readonly [TestServer, TestServer];
let owners: readonly Person[];
let snapshot: Snapshot;

beforeAll(async () => {
  database = await createTestDatabase();
  const settings = { RUN_JOBS: 'false' };
  servers = [await startTestServer(settings, database), await startTestServer(settings, database)];
  owners = await registerOwners(servers[0], 2);
  snapshot = await takeSnapshot(database);
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  await database.drop();
});

const ways = [
  (client: Client, id: string) => removeRole(client, id, 'Owner'),
  demoteToUser,
  (client: Client, id: string) => updateUserStatus(client, id, false),
  deleteUser,
  (client: Client, id: string) => transferOwnership(client, id),
] as const;

/** Whatever may come of such a call, and nothing that is a fault. */
const expected = new Set([
  'ok',
  'UNAUTHENTICATED', // deactivated or deleted before the request came in
  'FORBIDDEN', // demoted before it came in
  'INSUFFICIENT_PERMISSIONS', // either, or about oneself, after it came in
  'CANNOT_REMOVE_LAST_OWNER',
  'CANNOT_DEACTIVATE_LAST_OWNER',
  'NOT_FOUND',
  'ACCOUNT_INACTIVE',
  'ASSIGNMENT_NOT_FOUND',
  'NO_ROLE_TO_DEMOTE',
  'INVALID', // a transfer to oneself
]);

let drawn = 1;
/** Another mixture each time, and the same whenever the test is run (Park and Miller's numbers). */
function draw(below: number): number {
  drawn = (drawn * 48_271) % 2_147_483_647;
  return Math.floor((drawn / 2_147_483_647) * below);
}

const rounds = 200;
const callsOfRound = 5;

test(`Owners who turn on each other in every way at once leave an active one, ${rounds} times`, async () => {
  const seen = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    await snapshot.restore();
    const answers = await Promise.all(
      Array.from({ length: callsOfRound }, (_, call) => {
        const caller = owners[draw(owners.length)];
        const target = owners[draw(owners.length)];
        const way = ways[draw(ways.length)] ?? demoteToUser;
        const client = servers[call % 2 === 0 ? 0 : 1].client.withToken(caller?.token ?? '');
        return way(client, target?.id ?? '');
      }),
    );
    for (const one of answers.map(ending)) seen.set(one, (seen.get(one) ?? 0) + 1);
    expect(await activeOwners(database)).toBeGreaterThanOrEqual(1);
  }
  expect([...seen.keys()].filter((one) => !expected.has(one))).toEqual([]);
  // Something happened in every round.
  expect(seen.get('ok')).toBeGreaterThan(rounds);
});

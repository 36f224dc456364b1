import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { Client } from '../support/client.ts';
import type { Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  activeOwners,
  allAssignments,
  demoteToUser,
  ending,
  registerOwners,
  removeRole,
  roleAudit,
  setRoles,
  transferOwnership,
} from './role-operations.ts';

// Three people on one database, each of whom can call either of two instances.
let database: TestDatabase;
let servers: readonly [TestServer, TestServer];
let people: readonly [Person, Person, Person];

beforeAll(async () => {
  database = await createTestDatabase();
  servers = [await startTestServer({}, database), await startTestServer({}, database)];
  people = (await registerOwners(servers[0], 3)) as unknown as typeof people;
});
beforeEach(() => database.query('UPDATE users SET is_active = true'));
afterAll(async () => {
  for (const server of servers) await server.stop();
  await database.drop();
});

/** The first people become Owners, the others ordinary users. */
async function makeOwners(count: number): Promise<void> {
  const roles = people.map(({ id }, index) => [id, index < count ? ['Owner'] : ['User']] as const);
  await setRoles(database, Object.fromEntries(roles));
  await database.query('DELETE FROM audit_events');
}

const on = (instance: 0 | 1, person: Person): Client =>
  servers[instance].client.withToken(person.token);

const ways = [
  { name: 'removeRole', run: (client: Client, id: string) => removeRole(client, id, 'Owner') },
  { name: 'demoteToUser', run: demoteToUser },
];

describe.each(ways)('$name of the last Owner', ({ run }) => {
  test('is refused and changes nothing', async () => {
    await makeOwners(1);
    const [last] = people;
    const before = await allAssignments(database);
    const { data } = await run(on(0, last), last.id);
    expect(data.outcome).toMatchObject({
      user: null,
      errors: [{ code: 'CANNOT_REMOVE_LAST_OWNER', field: 'userId' }],
    });
    expect(await allAssignments(database)).toEqual(before);
    expect(await roleAudit(database)).toEqual([]);
  });

  test('is refused also while there are inactive Owners', async () => {
    await makeOwners(3);
    const [last, ...inactive] = people;
    for (const { id } of inactive) {
      await database.query('UPDATE users SET is_active = false WHERE id = $1', [id]);
    }
    expect(ending(await run(on(0, last), last.id))).toBe('CANNOT_REMOVE_LAST_OWNER');
    expect(await activeOwners(database)).toBe(1);
  });

  test('does not keep an inactive Owner from losing the role', async () => {
    await makeOwners(2);
    const [last, inactive] = people;
    await database.query('UPDATE users SET is_active = false WHERE id = $1', [inactive.id]);
    expect(ending(await run(on(0, last), inactive.id))).toBe('ok');
  });

  test('is refused to one of two Owners who step down at once, 30 times', async () => {
    const [first, second] = people;
    for (let round = 0; round < 30; round += 1) {
      await makeOwners(2);
      const endings = (
        await Promise.all([run(on(0, first), first.id), run(on(1, second), second.id)])
      ).map(ending);
      expect(endings.sort()).toEqual(['CANNOT_REMOVE_LAST_OWNER', 'ok']);
      expect(await activeOwners(database)).toBe(1);
    }
  });

  test('cannot come about by two Owners turning on each other, 30 times', async () => {
    const [first, second] = people;
    for (let round = 0; round < 30; round += 1) {
      await makeOwners(2);
      const endings = (
        await Promise.all([run(on(0, first), second.id), run(on(1, second), first.id)])
      ).map(ending);
      expect(endings.filter((one) => one === 'ok')).toHaveLength(1);
      // The loser is told so by the service, or before it when the request came in later.
      expect(endings.find((one) => one !== 'ok')).toMatch(/^(INSUFFICIENT_PERMISSIONS|FORBIDDEN)$/);
      expect(await activeOwners(database)).toBe(1);
    }
  });

  test('cannot come about by three Owners turning on all, themselves too, 10 times', async () => {
    const expected = ['ok', 'FORBIDDEN', 'INSUFFICIENT_PERMISSIONS', 'CANNOT_REMOVE_LAST_OWNER'];
    for (let round = 0; round < 10; round += 1) {
      await makeOwners(3);
      const answers = await Promise.all(
        people.flatMap((caller) =>
          people.map((target, index) => run(on(index % 2 === 0 ? 0 : 1, caller), target.id)),
        ),
      );
      const endings = answers.map(ending);
      expect([...expected, 'NO_ROLE_TO_DEMOTE', 'ASSIGNMENT_NOT_FOUND']).toEqual(
        expect.arrayContaining(endings),
      );
      expect(await activeOwners(database)).toBeGreaterThanOrEqual(1);
      expect(endings.filter((one) => one === 'ok').length).toBeLessThanOrEqual(2);
    }
  });
});

describe('transferOwnership', () => {
  test('racing with a demotion of the one who transfers keeps an Owner, 20 times', async () => {
    const [first, second, third] = people;
    for (let round = 0; round < 20; round += 1) {
      await makeOwners(2);
      const endings = (
        await Promise.all([
          transferOwnership(on(0, first), third.id),
          demoteToUser(on(1, second), first.id),
          demoteToUser(on(0, second), second.id),
        ])
      ).map(ending);
      for (const one of endings) expect(one).toMatch(refusedOrOk);
      expect(await activeOwners(database)).toBeGreaterThanOrEqual(1);
    }
  });

  test('by two Owners to each other at once keeps an Owner, 20 times', async () => {
    const [first, second] = people;
    for (let round = 0; round < 20; round += 1) {
      await makeOwners(2);
      const endings = (
        await Promise.all([
          transferOwnership(on(0, first), second.id),
          transferOwnership(on(1, second), first.id),
        ])
      ).map(ending);
      for (const one of endings) expect(one).toMatch(refusedOrOk);
      expect(await activeOwners(database)).toBeGreaterThanOrEqual(1);
    }
  });

  const refusedOrOk =
    /^(ok|FORBIDDEN|INSUFFICIENT_PERMISSIONS|CANNOT_REMOVE_LAST_OWNER|NO_ROLE_TO_DEMOTE)$/;
});

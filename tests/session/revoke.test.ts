import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { currentSession, mySessions, revokeSession, signInAgain, whoIs } from './sessions.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
beforeAll(async () => {
  server = await startTestServer();
  staff = await registerStaff(server);
});
afterAll(() => server.stop());

/** The id of a session of this person that no test needs. */
async function spareSession(person: Person): Promise<string> {
  return (await currentSession(await signInAgain(person, server.client))).id;
}

describe('revokeSession', () => {
  test('ends one of my own, also the one in use, and leaves the others', async () => {
    const person = await registerPerson(server);
    const other = await signInAgain(person, server.client);
    expect(await revokeSession(person.client, (await currentSession(other)).id)).toEqual([]);
    expect(await whoIs(other)).toBeUndefined();
    expect(await whoIs(person.client)).toBe(person.id);
    expect(await revokeSession(person.client, (await currentSession(person.client)).id)).toEqual(
      [],
    );
    expect(await whoIs(person.client)).toBeUndefined();
  });

  test('does not tell a user of the sessions of others: NOT_FOUND', async () => {
    const person = await registerPerson(server);
    const id = await spareSession(staff.user);
    expect(await revokeSession(person.client, id)).toEqual(['NOT_FOUND']);
    const left = (await mySessions(staff.user.client)).map((session) => session.id);
    expect(left).toContain(id);
  });

  test.each(['', 'x', '0', '019b0000-0000-7000-8000-00000000000', "' OR ''='", 'a\0b'])(
    'of %j, which is no id, is NOT_FOUND',
    async (id) => {
      expect(await revokeSession(staff.owner.client, id)).toEqual(['NOT_FOUND']);
    },
  );

  test('of an id that is nobody’s is NOT_FOUND, and so is a second time', async () => {
    const id = await spareSession(staff.user);
    expect(await revokeSession(staff.user.client, staff.user.id)).toEqual(['NOT_FOUND']);
    expect(await revokeSession(staff.user.client, id.toUpperCase())).toEqual([]);
    expect(await revokeSession(staff.user.client, id)).toEqual(['NOT_FOUND']);
  });

  test('is for an Admin on ordinary users only, for an Owner on everyone', async () => {
    const { owner, admin, user } = staff;
    const otherAdmin = await registerPerson(server);
    await owner.client.graphql(
      'mutation ($id: ID!) { promoteToAdmin(userId: $id) { errors { code } } }',
      {
        id: otherAdmin.id,
      },
    );
    const by = async (actor: Person, holder: Person) =>
      revokeSession(actor.client, await spareSession(holder));
    expect(await by(admin, user)).toEqual([]);
    expect(await by(admin, owner)).toEqual(['INSUFFICIENT_PERMISSIONS']);
    expect(await by(admin, otherAdmin)).toEqual(['INSUFFICIENT_PERMISSIONS']);
    expect(await by(admin, admin)).toEqual([]);
    expect(await by(owner, user)).toEqual([]);
    expect(await by(owner, admin)).toEqual([]);
  });

  test('of 10 at once is done and recorded once', async () => {
    const person = await registerPerson(server);
    const id = await spareSession(person);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => revokeSession(person.client, id)),
    );
    expect(answers.flat().every((code) => code === 'NOT_FOUND')).toBe(true);
    const events = await server.database.query(
      "SELECT FROM audit_events WHERE action = 'session.ended' AND subject_id = $1",
      [person.id],
    );
    expect(events).toHaveLength(1);
  });
});

describe('logoutEverywhere', () => {
  const everywhere = async (client: TestServer['client'], argument = '') => {
    const { data, errors } = await client.graphql<{
      logoutEverywhere: { count: number | null; errors: unknown[] };
    }>(`mutation { logoutEverywhere${argument} { count errors { code } } }`);
    expect(errors).toEqual([]);
    expect(data.logoutEverywhere.errors).toEqual([]);
    return data.logoutEverywhere.count;
  };

  test('ends all of my sessions, tells how many, and touches nobody else', async () => {
    const person = await registerPerson(server);
    const others = [
      await signInAgain(person, server.client),
      await signInAgain(person, server.client),
    ];
    expect(await everywhere(person.client)).toBe(3);
    for (const client of [person.client, ...others]) expect(await whoIs(client)).toBeUndefined();
    expect(await whoIs(staff.user.client)).toBe(staff.user.id);
  });

  test.each(['(exceptCurrent: false)', '(exceptCurrent: null)'])(
    '%s means all',
    async (argument) => {
      const person = await registerPerson(server);
      expect(await everywhere(person.client, argument)).toBe(1);
      expect(await whoIs(person.client)).toBeUndefined();
    },
  );

  test('with exceptCurrent the one in use goes on and is not counted', async () => {
    const person = await registerPerson(server);
    const other = await signInAgain(person, server.client);
    expect(await everywhere(person.client, '(exceptCurrent: true)')).toBe(1);
    expect(await whoIs(other)).toBeUndefined();
    expect(await whoIs(person.client)).toBe(person.id);
    expect(await everywhere(person.client, '(exceptCurrent: true)')).toBe(0);
  });
});

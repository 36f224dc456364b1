import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  currentSession,
  loginCodes,
  logout,
  revokeSession,
  signInAgain,
} from '../session/sessions.ts';
import { register } from '../registration/registering.ts';
import { auditOf, type AuditRow } from './audit.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
beforeAll(async () => {
  server = await startTestServer();
  staff = await registerStaff(server);
});
afterAll(() => server.stop());

const from = { address: '127.0.0.1', user_agent: 'node' };

/** What was recorded about someone while `work` ran. */
async function recordedAbout(id: string | null, work: () => Promise<unknown>): Promise<AuditRow[]> {
  const before = await auditOf(server.database, id);
  await work();
  return (await auditOf(server.database, id)).slice(before.length);
}

describe('recorded is', () => {
  test('a registration, with the role it gave and from where', async () => {
    const { user } = await register(server.client);
    const nobody = { actor_type: 'anonymous', actor_id: null, ...from };
    expect(await auditOf(server.database, user?.id ?? '')).toEqual([
      { action: 'user.registered', ...nobody, metadata: {} },
      { action: 'role.assigned', ...nobody, metadata: { role: 'User' } },
    ]);
  });

  test('a registration that signs in at once, as both', async () => {
    const person = await registerPerson(server);
    const actions = (await auditOf(server.database, person.id)).map(({ action }) => action);
    expect(actions).toEqual(['user.registered', 'role.assigned', 'session.opened']);
  });

  test('a sign-in', async () => {
    const person = await registerPerson(server);
    const agent = 'Audited/1.0';
    const rows = await recordedAbout(person.id, () =>
      loginCodes(server.client.with({ 'user-agent': agent }), person.email),
    );
    expect(rows).toEqual([
      {
        action: 'session.opened',
        actor_type: 'anonymous',
        actor_id: null,
        ...from,
        user_agent: agent,
        metadata: {},
      },
    ]);
  });

  test('a wrong password, about the account it was tried on', async () => {
    const person = await registerPerson(server);
    const rows = await recordedAbout(person.id, () =>
      loginCodes(server.client, person.email, { password: 'wrong' }),
    );
    expect(rows).toMatchObject([
      { action: 'session.refused', ...from, metadata: { reason: 'INVALID_CREDENTIALS' } },
    ]);
  });

  test('a sign-in of nobody, without what was typed', async () => {
    const rows = await recordedAbout(null, () =>
      loginCodes(server.client, 'nobody-at-all@example.com', { password: 'hunter2!' }),
    );
    expect(rows).toMatchObject([
      { action: 'session.refused', ...from, metadata: { reason: 'INVALID_CREDENTIALS' } },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/nobody-at-all|hunter2/);
  });

  test('a sign-in of an inactive account', async () => {
    const person = await registerPerson(server);
    await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [person.id]);
    const rows = await recordedAbout(person.id, () => loginCodes(server.client, person.email));
    expect(rows).toMatchObject([
      { action: 'session.refused', metadata: { reason: 'ACCOUNT_INACTIVE' } },
    ]);
  });

  test('signing out, and ending one session of my own', async () => {
    const person = await registerPerson(server);
    const other = await signInAgain(person, server.client);
    const { id } = await currentSession(person.client);
    const rows = await recordedAbout(person.id, async () => {
      await revokeSession(other, id);
      await logout(other);
    });
    const myself = { actor_type: 'user', actor_id: person.id, ...from };
    expect(rows).toMatchObject([
      { action: 'session.ended', ...myself },
      { action: 'session.ended', ...myself },
    ]);
  });

  test('an Admin ending the session of a user, as the Admin’s doing', async () => {
    const { admin, user } = staff;
    const { id } = await currentSession(await signInAgain(user, server.client));
    const rows = await recordedAbout(user.id, () => revokeSession(admin.client, id));
    expect(rows).toMatchObject([
      { action: 'session.ended', actor_type: 'user', actor_id: admin.id },
    ]);
  });

  test('ending all sessions, with how many', async () => {
    const person = await registerPerson(server);
    await signInAgain(person, server.client);
    const rows = await recordedAbout(person.id, () =>
      person.client.graphql('mutation { logoutEverywhere { count } }'),
    );
    expect(rows).toMatchObject([
      { action: 'sessions.ended', actor_id: person.id, metadata: { count: 2 } },
    ]);
  });
});

test('what was refused or only asked leaves no entry of something done', async () => {
  const { owner, admin } = staff;
  const { id } = await currentSession(owner.client);
  const count = () => server.database.query('SELECT count(*) FROM audit_events');
  const before = await count();
  expect(await revokeSession(admin.client, id)).toEqual(['INSUFFICIENT_PERMISSIONS']);
  expect(await revokeSession(admin.client, 'none')).toEqual(['NOT_FOUND']);
  expect((await register(server.client, { email: owner.email })).user).toBeNull();
  expect((await register(server.client, { password: 'short' })).user).toBeNull();
  expect(await count()).toEqual(before);
});

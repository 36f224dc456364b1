import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refusals, updateUserStatus, userOf } from '../administration/accounts.ts';
import { makeKey } from '../api-key/keys.ts';
import { auditOf } from '../audit/audit.ts';
import { mailKinds, tokenContexts } from '../email/addresses.ts';
import { arrangeToken, findReset, mailedToken, requestReset } from '../recovery/resets.ts';
import { ending, refuseAudit, setRoles } from '../role/role-operations.ts';
import { loginCodes, signInAgain, whoIs } from '../session/sessions.ts';
import { commitDuring } from '../support/locks.ts';
import { mailsTo } from '../support/mailbox.ts';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let elsewhere: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
let person: Person;

beforeAll(async () => {
  server = await startTestServer();
  elsewhere = await startTestServer({}, server.database);
  staff = await registerStaff(server);
});
beforeEach(async () => {
  person = await registerPerson(server);
});
afterAll(async () => {
  await elsewhere.stop();
  await server.stop();
});

const deactivate = (by: Person = staff.admin, id = person.id) =>
  updateUserStatus(by.client, id, false);
const activate = (by: Person = staff.admin, id = person.id) =>
  updateUserStatus(by.client, id, true);

const statusAudit = async (id: string) =>
  (await auditOf(server.database, id)).filter(({ action }) => /^user\..*activated$/.test(action));

describe('a user who is deactivated', () => {
  test('is inactive, in the answer and from then on', async () => {
    expect(userOf(await deactivate())).toMatchObject({ id: person.id, isActive: false });
    expect(await loginCodes(server.client, person.email)).toEqual(['ACCOUNT_INACTIVE']);
  });

  test('is signed out everywhere at once, on every instance', async () => {
    const clients = [person.client, await signInAgain(person, elsewhere.client)];
    await deactivate();
    for (const client of clients) expect(await whoIs(client)).toBeUndefined();
    expect(await whoIs(elsewhere.client.withToken(person.token))).toBeUndefined();
  });

  test('has no good link in any mail', async () => {
    const token = await mailedToken(server, person.email);
    await arrangeToken(server, person, 'change_email');
    await deactivate();
    expect(await findReset(server.client, token)).toBeNull();
    expect(await tokenContexts(server, person)).toEqual([]);
  });

  test('may sign in after being activated again, and nothing from before is revived', async () => {
    const token = await mailedToken(server, person.email);
    await deactivate();
    expect(userOf(await activate())).toMatchObject({ isActive: true });
    expect(await whoIs(person.client)).toBeUndefined();
    expect(await findReset(server.client, token)).toBeNull();
    expect(await loginCodes(server.client, person.email)).toEqual([]);
  });

  test('by other means has nothing revived either', async () => {
    const token = await mailedToken(server, person.email);
    await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [person.id]);
    await activate();
    expect(await whoIs(person.client)).toBeUndefined();
    expect(await findReset(server.client, token)).toBeNull();
  });

  test('in the moment that a link is to be mailed gets none', async () => {
    await mailsTo(server, person.email);
    const change = { sql: 'UPDATE users SET is_active = false WHERE id = $1', values: [person.id] };
    // The job that is to mail it comes to wait for the deactivation.
    await commitDuring(server.database, change, () => requestReset(server.client, person.email));
    await mailsTo(server, person.email);
    expect(await mailKinds(server, person.email)).not.toContain('reset-password');
    expect(await tokenContexts(server, person)).not.toContain('reset_password');
  });
});

test('repeating it is no fault, changes nothing and is recorded once', async () => {
  for (const change of [deactivate, deactivate, activate, activate]) {
    expect(refusals(await change())).toEqual([]);
  }
  expect((await statusAudit(person.id)).map(({ action }) => action)).toEqual([
    'user.deactivated',
    'user.activated',
  ]);
});

test('twenty at once are done and recorded once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      updateUserStatus(
        (index % 2 === 0 ? server : elsewhere).client.withToken(staff.admin.token),
        person.id,
        false,
      ),
    ),
  );
  for (const answer of answers) expect(userOf(answer).isActive).toBe(false);
  expect(await statusAudit(person.id)).toHaveLength(1);
});

test('is recorded: who, from where, and how many sessions ended', async () => {
  await signInAgain(person, server.client);
  await deactivate();
  const key = await makeKey(server, 'USERS_WRITE');
  await updateUserStatus(key.client, person.id, true);
  expect(await statusAudit(person.id)).toMatchObject([
    {
      action: 'user.deactivated',
      actor_type: 'user',
      actor_id: staff.admin.id,
      address: '127.0.0.1',
      user_agent: 'node',
      metadata: { sessionsEnded: 2 },
    },
    { action: 'user.activated', actor_type: 'key', actor_id: key.id },
  ]);
});

test('what cannot be recorded is not done', async () => {
  await refuseAudit(server.database, 'user.deactivated');
  const answer = await deactivate();
  expect(answer.code).toBe('INTERNAL_SERVER_ERROR');
  expect(await whoIs(person.client)).toBe(person.id);
});

test('an Owner who is the last active one stays active, whoever asks', async () => {
  const key = await makeKey(server, 'USERS_WRITE', 'ROLES_WRITE');
  for (const client of [staff.owner.client, key.client]) {
    const answer = await updateUserStatus(client, staff.owner.id, false);
    expect(refusals(answer)).toEqual(['userId CANNOT_DEACTIVATE_LAST_OWNER']);
  }
  expect(await whoIs(staff.owner.client)).toBe(staff.owner.id);
  expect(await statusAudit(staff.owner.id)).toEqual([]);
});

test('nobody changes the own status, not even to what it is', async () => {
  await setRoles(server.database, { [person.id]: ['Owner'] });
  for (const one of [person, staff.admin]) {
    for (const isActive of [true, false]) {
      const answer = await updateUserStatus(one.client, one.id, isActive);
      expect(refusals(answer)).toEqual(['null INSUFFICIENT_PERMISSIONS']);
    }
    expect(await whoIs(one.client)).toBe(one.id);
  }
  await setRoles(server.database, { [person.id]: ['User'] });
});

test('who is deactivated meanwhile has no rank any more', async () => {
  const admin = await registerPerson(server);
  await setRoles(server.database, { [admin.id]: ['Admin'] });
  const change = { sql: 'UPDATE users SET is_active = false WHERE id = $1', values: [admin.id] };
  const answer = await commitDuring(server.database, change, () => deactivate(admin));
  expect(ending(answer)).toBe('INSUFFICIENT_PERMISSIONS');
  expect(await whoIs(person.client)).toBe(person.id);
});

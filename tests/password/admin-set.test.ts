import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  adminSetPassword,
  newPassword,
  refusals,
  updateUserStatus,
  userOf,
} from '../administration/accounts.ts';
import { makeKey } from '../api-key/keys.ts';
import { auditOf } from '../audit/audit.ts';
import { mailKinds, tokenContexts } from '../email/addresses.ts';
import { arrangeToken, stateOf } from '../recovery/resets.ts';
import { ending, refuseAudit } from '../role/role-operations.ts';
import { loginCodes, signInAgain, whoIs } from '../session/sessions.ts';
import { newestMail } from '../support/mailbox.ts';
import { password, registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
let person: Person;

beforeAll(async () => {
  server = await startTestServer();
  staff = await registerStaff(server);
});
beforeEach(async () => {
  person = await registerPerson(server);
});
afterAll(() => server.stop());

const set = (wanted?: string, confirmation?: string) =>
  adminSetPassword(staff.admin.client, person.id, wanted, confirmation);

describe('a password that an administrator sets', () => {
  test('is the one that signs in from then on', async () => {
    expect(userOf(await set(newPassword, newPassword)).id).toBe(person.id);
    expect(await loginCodes(server.client, person.email)).toEqual(['INVALID_CREDENTIALS']);
    expect(await loginCodes(server.client, person.email, { password: newPassword })).toEqual([]);
  });

  test('ends every session and every mailed link of the user, and of nobody else', async () => {
    const again = await signInAgain(person, server.client);
    for (const context of ['confirm', 'reset_password', 'change_email']) {
      await arrangeToken(server, person, context);
    }
    await set();
    for (const client of [person.client, again]) expect(await whoIs(client)).toBeUndefined();
    expect(await tokenContexts(server, person)).toEqual([]);
    expect(await whoIs(staff.admin.client)).toBe(staff.admin.id);
  });

  test('is told to the user by mail, without the password', async () => {
    await set();
    expect(await mailKinds(server, person.email)).toContain('password-changed');
    expect((await newestMail(server, person.email)).text).not.toContain(newPassword);
  });

  test('is recorded: who, from which address, with which program; and no secret', async () => {
    const client = staff.admin.client.with({ 'user-agent': 'Console/1.0' });
    await adminSetPassword(client, person.id);
    const last = (await auditOf(server.database, person.id)).at(-1);
    expect(last).toEqual({
      action: 'password.set',
      actor_type: 'user',
      actor_id: staff.admin.id,
      address: '127.0.0.1',
      user_agent: 'Console/1.0',
      metadata: { sessionsEnded: 1 },
    });
  });

  test('may be that of an inactive user, who stays inactive', async () => {
    await updateUserStatus(staff.admin.client, person.id, false);
    expect(userOf(await set()).isActive).toBe(false);
    expect(await loginCodes(server.client, person.email, { password: newPassword })).toEqual([
      'ACCOUNT_INACTIVE',
    ]);
  });
});

const refused: readonly (readonly [string, string, string | undefined, readonly string[]])[] = [
  ['is too short', 'qzkw', undefined, ['password TOO_SHORT']],
  ['is blank', ' ', undefined, ['password REQUIRED']],
  ['has 73 bytes', 'é'.repeat(36) + 'x', undefined, ['password TOO_LONG']],
  ['is one everybody tries', 'password1', undefined, ['password TOO_COMMON']],
  ['is the name of this place', 'Gatehouse1!', undefined, ['password TOO_COMMON']],
  ['has NUL', `${newPassword}\0`, undefined, ['password INVALID']],
  ['is the current one', password, undefined, ['password UNCHANGED']],
  ['is not the same again', newPassword, 'another', ['passwordConfirmation MISMATCH']],
  [
    'is wrong in all ways at once',
    'qzkw',
    'another',
    ['password TOO_SHORT', 'passwordConfirmation MISMATCH'],
  ],
];

test.each(refused)('one that %s is refused, and nothing happens', async (_, wanted, again, all) => {
  const before = await stateOf(server, person);
  expect(refusals(await set(wanted, again))).toEqual(all);
  expect(await stateOf(server, person)).toEqual(before);
});

test('the address and the username are refused', async () => {
  for (const wanted of [person.email.toUpperCase(), person.username.padEnd(8, '_')]) {
    const name = wanted === person.email.toUpperCase() ? 'email' : 'username';
    await server.database.query(`UPDATE users SET ${name} = $2 WHERE id = $1`, [person.id, wanted]);
    expect(refusals(await set(wanted))).toEqual(['password INVALID']);
  }
});

test('an Admin who may not is told so before anything is said of the password', async () => {
  for (const { id } of [staff.owner, staff.admin]) {
    const answer = await adminSetPassword(staff.admin.client, id, 'qzkw');
    expect(refusals(answer)).toEqual(['null INSUFFICIENT_PERMISSIONS']);
  }
  const own = await adminSetPassword(staff.owner.client, staff.owner.id, newPassword);
  expect(refusals(own)).toEqual(['null INSUFFICIENT_PERMISSIONS']);
});

test('no key sets passwords', async () => {
  const key = await makeKey(server, 'USERS_WRITE', 'ROLES_WRITE');
  expect(ending(await adminSetPassword(key.client, person.id))).toBe('FORBIDDEN');
});

test('what cannot be recorded is not done', async () => {
  const before = await stateOf(server, person);
  await refuseAudit(server.database, 'password.set');
  expect(ending(await set())).toBe('INTERNAL_SERVER_ERROR');
  expect(await stateOf(server, person)).toEqual(before);
});

test('of ten set at once one is left, and no session', async () => {
  const wanted = Array.from({ length: 10 }, (_, index) => `the password number ${index}`);
  const answers = await Promise.all(wanted.map((one) => set(one)));
  expect(answers.map(ending)).toEqual(Array(10).fill('ok'));
  const codes = await Promise.all(
    wanted.map((one) => loginCodes(server.client, person.email, { password: one })),
  );
  expect(codes.filter(({ length }) => length === 0)).toHaveLength(1);
  expect(await whoIs(person.client)).toBeUndefined();
});

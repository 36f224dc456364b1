import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeConfirmation, refusals, userOf } from '../administration/accounts.ts';
import { auditOf } from '../audit/audit.ts';
import { arrangeToken } from '../recovery/resets.ts';
import { ending, refuseAudit, setRoles } from '../role/role-operations.ts';
import { whoIs } from '../session/sessions.ts';
import { registerStaff, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { confirmEmail, stored, tokenContexts } from './addresses.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
let person: Person;

beforeAll(async () => {
  server = await startTestServer();
  staff = await registerStaff(server);
});
beforeEach(async () => {
  person = await registerUnconfirmed(server);
});
afterAll(() => server.stop());

const confirm = () => changeConfirmation(staff.admin.client, 'adminConfirmUser', person.id);
const unconfirm = () => changeConfirmation(staff.admin.client, 'adminUnconfirmUser', person.id);
const toggle = () => changeConfirmation(staff.admin.client, 'toggleUserConfirmation', person.id);

const recorded = async () =>
  (await auditOf(server.database, person.id)).filter(({ action }) => action.endsWith('confirmed'));

const users = '{ roles { id } }';

describe('adminConfirmUser', () => {
  test('confirms without a mail, and lets the user do everything', async () => {
    expect((await person.client.graphql(users)).code).toBe('EMAIL_NOT_CONFIRMED');
    expect(userOf(await confirm()).confirmedAt).not.toBeNull();
    expect((await person.client.graphql(users)).errors).toEqual([]);
  });

  test('makes the mailed link needless, and leaves others good', async () => {
    const token = await arrangeToken(server, person, 'confirm');
    await arrangeToken(server, person, 'reset_password');
    await confirm();
    expect((await confirmEmail(server.client, token)).refusals).toEqual(['token INVALID_TOKEN']);
    expect(await tokenContexts(server, person)).toEqual(['reset_password']);
  });

  test('leaves the time of an earlier confirmation', async () => {
    const { confirmedAt } = userOf(await confirm());
    expect(userOf(await confirm()).confirmedAt).toBe(confirmedAt);
    expect(await recorded()).toHaveLength(1);
  });
});

describe('adminUnconfirmUser', () => {
  test('takes the confirmation away; sessions go on and may do little', async () => {
    await confirm();
    expect(userOf(await unconfirm()).confirmedAt).toBeNull();
    expect(await whoIs(person.client)).toBe(person.id);
    expect((await person.client.graphql(users)).code).toBe('EMAIL_NOT_CONFIRMED');
  });

  test('of an address that is not confirmed changes nothing and is not recorded', async () => {
    expect(userOf(await unconfirm()).confirmedAt).toBeNull();
    expect(await recorded()).toEqual([]);
  });
});

describe('toggleUserConfirmation', () => {
  test('goes back and forth', async () => {
    for (const confirmed of [true, false, true]) {
      expect(userOf(await toggle()).confirmedAt !== null).toBe(confirmed);
    }
  });

  test('of twenty at once half confirm and half undo it', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, toggle));
    expect(answers.map(ending)).toEqual(Array(20).fill('ok'));
    expect(await stored(server, person)).toMatchObject({ confirmed: false });
    const actions = (await recorded()).map(({ action }) => action);
    expect(actions.filter((action) => action === 'email.confirmed')).toHaveLength(10);
    expect(actions).toHaveLength(20);
  });
});

test('is recorded: who, and from where', async () => {
  await confirm();
  await unconfirm();
  const by = { actor_type: 'user', actor_id: staff.admin.id, address: '127.0.0.1' };
  expect(await recorded()).toMatchObject([
    { action: 'email.confirmed', ...by },
    { action: 'email.unconfirmed', ...by },
  ]);
});

test('what cannot be recorded is not done', async () => {
  await refuseAudit(server.database, 'email.confirmed');
  expect(ending(await confirm())).toBe('INTERNAL_SERVER_ERROR');
  expect(await stored(server, person)).toMatchObject({ confirmed: false });
});

test('nobody changes the own confirmation', async () => {
  await setRoles(server.database, { [person.id]: ['Owner'] });
  await server.database.query('UPDATE users SET confirmed_at = now() WHERE id = $1', [person.id]);
  for (const one of [person, staff.owner, staff.admin]) {
    for (const operation of [
      'adminConfirmUser',
      'adminUnconfirmUser',
      'toggleUserConfirmation',
    ] as const) {
      const answer = await changeConfirmation(one.client, operation, one.id);
      expect(refusals(answer)).toEqual(['null INSUFFICIENT_PERMISSIONS']);
    }
    expect(await stored(server, one)).toMatchObject({ confirmed: true });
  }
  await setRoles(server.database, { [person.id]: ['User'] });
});

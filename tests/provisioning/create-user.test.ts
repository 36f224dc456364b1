import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUser, refusals, userOf } from '../administration/accounts.ts';
import { makeKey } from '../api-key/keys.ts';
import { auditOf } from '../audit/audit.ts';
import { mailKinds } from '../email/addresses.ts';
import { databases } from '../location/places.ts';
import { addRole, ending, refuseAudit } from '../role/role-operations.ts';
import { loginCodes } from '../session/sessions.ts';
import { newestMail } from '../support/mailbox.ts';
import {
  newEmail,
  password,
  registerPerson,
  registerStaff,
  type Person,
} from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };

beforeAll(async () => {
  server = await startTestServer();
  staff = await registerStaff(server);
  await addRole(server.database, 'Editor');
});
afterAll(() => server.stop());

const full = () => ({
  email: newEmail(),
  password,
  username: `made_${Math.random().toString(36).slice(2, 10)}`,
  firstName: ' Ada ',
  lastName: 'King',
  timezone: 'Europe/London',
  locale: 'en-gb',
});

const everything = () => server.database.query('SELECT count(*) FROM users');

describe('an account made for somebody', () => {
  test('has all that was said of it, the default role, and signs in', async () => {
    const input = full();
    const made = userOf(await createUser(staff.admin.client, input));
    expect(made).toMatchObject({
      email: input.email,
      username: input.username,
      firstName: 'Ada',
      lastName: 'King',
      timezone: 'Europe/London',
      preferredLocale: 'en-GB',
      isActive: true,
      confirmedAt: null,
      roleNames: ['User'],
    });
    expect(await loginCodes(server.client, input.email)).toEqual([]);
  });

  test('needs an address only: the username is derived', async () => {
    const made = userOf(
      await createUser(staff.admin.client, { email: 'Grace.Hopper@example.com' }),
    );
    expect(made).toMatchObject({ username: 'grace_hopper', firstName: null, timezone: null });
  });

  test('is mailed a link that confirms its address, in its language', async () => {
    const input = { ...full(), locale: 'de' };
    await createUser(staff.admin.client, input);
    const { subject, token } = await newestMail(server, input.email);
    expect(subject).toMatch(/bestätig/i);
    const { data } = await server.client.graphql<{ confirmEmail: { errors: unknown[] } }>(
      'mutation ($token: String!) { confirmEmail(token: $token) { errors { code } } }',
      { token },
    );
    expect(data.confirmEmail.errors).toEqual([]);
  });

  test.each([{ sendConfirmation: false }, { confirmed: true }])(
    'gets no mail with %j',
    async (more) => {
      const input = { ...full(), ...more };
      const made = userOf(await createUser(staff.admin.client, input));
      expect(made.confirmedAt === null).toBe(more.confirmed === undefined);
      expect(await mailKinds(server, input.email)).toEqual([]);
    },
  );

  test('is recorded: who made it, and what was given', async () => {
    const key = await makeKey(server, 'USERS_WRITE', 'USERS_READ');
    const made = userOf(
      await createUser(key.client, { ...full(), confirmed: true }, '203.0.113.9'),
    );
    const entry = { actor_type: 'key', actor_id: key.id, address: '127.0.0.1' };
    expect(await auditOf(server.database, made.id)).toMatchObject([
      { action: 'user.created', ...entry, metadata: { confirmed: true } },
      { action: 'role.assigned', ...entry, metadata: { role: 'User' } },
    ]);
  });

  test('is made wholly or not at all', async () => {
    const before = await everything();
    await refuseAudit(server.database, 'role.assigned');
    const input = full();
    expect((await createUser(staff.admin.client, input)).code).toBe('INTERNAL_SERVER_ERROR');
    expect(await everything()).toEqual(before);
    expect(await mailKinds(server, input.email)).toEqual([]);
  });

  test('of one address is made once, however many ask at once', async () => {
    const input = full();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => createUser(staff.admin.client, input)),
    );
    const endings = answers.map(ending).sort();
    expect(endings).toEqual([...Array<string>(9).fill('TAKEN'), 'ok']);
  });
});

describe('without a password', () => {
  test('nobody can sign in, until one is chosen by a mailed link', async () => {
    const email = newEmail();
    await createUser(staff.admin.client, { email, confirmed: true });
    for (const guess of ['', password, '/', 'null', 'undefined']) {
      expect(await loginCodes(server.client, email, { password: guess })).toEqual([
        'INVALID_CREDENTIALS',
      ]);
    }
    await server.client.graphql(
      'mutation ($email: String!) { requestPasswordReset(email: $email) { errors { code } } }',
      { email },
    );
    const { token } = await newestMail(server, email);
    await server.client.graphql(
      `mutation ($token: String!, $password: String!) {
        resetPassword(token: $token, password: $password) { errors { code } } }`,
      { token, password },
    );
    expect(await loginCodes(server.client, email)).toEqual([]);
  });
});

describe('the place', () => {
  const placeOf = async (id: string) => {
    const { data } = await staff.admin.client.graphql<{ user: { registration: unknown } }>(
      'query ($id: ID!) { user(id: $id) { registration { ipAddress } } }',
      { id },
    );
    return data.user.registration;
  };

  test('is the address that is named, in our spelling', async () => {
    const made = userOf(await createUser(staff.admin.client, full(), ' ::ffff:203.0.113.7 '));
    expect(await placeOf(made.id)).toEqual({ ipAddress: '203.0.113.7' });
  });

  test('is looked up as for who registers', async () => {
    const placing = await startTestServer(
      { GEOIP_DATABASE: databases.city, RUN_JOBS: 'false' },
      server.database,
    );
    const admin = placing.client.withToken(staff.admin.token);
    const { id } = userOf(await createUser(admin, full(), '133.11.0.1'));
    await placing.stop();
    const { data } = await staff.admin.client.graphql(
      'query ($id: ID!) { user(id: $id) { registration { countryCode city } } }',
      { id },
    );
    expect(data).toEqual({ user: { registration: { countryCode: 'JP', city: 'Bunkyo-ku' } } });
  });

  test('is not the address of whoever makes the account', async () => {
    const made = userOf(await createUser(staff.admin.client, full()));
    expect(await placeOf(made.id)).toEqual({ ipAddress: null });
  });
});

describe('roles', () => {
  test('are given beside the default one', async () => {
    const input = { ...full(), roles: ['editor', 'User', 'Editor'] };
    const made = userOf(await createUser(staff.admin.client, input));
    expect(made.roleNames).toEqual(['Editor', 'User']);
  });

  test('Admin is given by Owners, and by keys that may give roles', async () => {
    const mighty = await makeKey(server, 'USERS_WRITE', 'ROLES_WRITE');
    for (const client of [staff.owner.client, mighty.client]) {
      const made = userOf(await createUser(client, { ...full(), roles: ['Admin'] }));
      expect(made.roleNames).toEqual(['Admin', 'User']);
    }
  });

  test('above the caller are refused, and nothing is made', async () => {
    const key = await makeKey(server, 'USERS_WRITE');
    const before = await everything();
    const asked: readonly (readonly [Person['client'], string])[] = [
      [staff.admin.client, 'Admin'],
      [key.client, 'Admin'],
      [key.client, 'Editor'],
    ];
    for (const [client, role] of asked) {
      const answer = await createUser(client, { ...full(), roles: [role] });
      expect(refusals(answer)).toEqual(['null INSUFFICIENT_PERMISSIONS']);
    }
    expect(await everything()).toEqual(before);
  });

  test('of Owner, and ones that do not exist, are refused to everyone', async () => {
    const answer = await createUser(staff.owner.client, {
      ...full(),
      roles: ['OWNER', 'None', ''],
    });
    expect(refusals(answer)).toEqual([
      'input.roles OWNER_ROLE_PROTECTED',
      'input.roles ROLE_NOT_FOUND',
      'input.roles ROLE_NOT_FOUND',
    ]);
  });

  test('are a hundred at most, and more are not looked up', async () => {
    const named = async (count: number) =>
      refusals(
        await createUser(staff.owner.client, {
          ...full(),
          roles: Array<string>(count).fill('User'),
        }),
      );
    expect(await named(100)).toEqual([]);
    expect(await named(101)).toEqual(['input.roles TOO_LONG']);
  });
});

describe('is refused', () => {
  test('with everything that is wrong at once', async () => {
    const input = {
      email: staff.user.email.toUpperCase(),
      password: 'qzkw',
      username: 'x',
      firstName: 'x'.repeat(101),
      lastName: 'a\0',
      timezone: 'Mars/Phobos',
      locale: 'english',
      roles: ['None'],
    };
    expect(refusals(await createUser(staff.admin.client, input, 'here')).sort()).toEqual([
      'input.email TAKEN',
      'input.firstName TOO_LONG',
      'input.lastName INVALID',
      'input.locale INVALID',
      'input.password TOO_SHORT',
      'input.roles ROLE_NOT_FOUND',
      'input.timezone INVALID',
      'input.username TOO_SHORT',
      'ipAddress INVALID',
    ]);
  });

  test('with an address or a username that is taken', async () => {
    const { email, username } = staff.user;
    expect(refusals(await createUser(staff.admin.client, { email, username, password }))).toEqual([
      'input.email TAKEN',
      'input.username TAKEN',
    ]);
  });

  test.each(['', '   '])('with the password %j: none is null', async (blank) => {
    const answer = await createUser(staff.admin.client, { ...full(), password: blank });
    expect(refusals(answer)).toEqual(['input.password REQUIRED']);
  });

  test('to everyone else', async () => {
    const others = await makeKey(server, 'USERS_READ', 'ROLES_WRITE');
    expect((await createUser(server.client, full())).code).toBe('UNAUTHENTICATED');
    for (const client of [staff.user.client, others.client]) {
      expect((await createUser(client, full())).code).toBe('FORBIDDEN');
    }
  });
});

test('works where registration is closed and addresses are hidden, and tells of taken ones', async () => {
  const closed = await startTestServer(
    { ALLOW_REGISTRATION: 'false', HIDE_REGISTERED_EMAILS: 'true', RUN_JOBS: 'false' },
    server.database,
  );
  const admin = closed.client.withToken(staff.admin.token);
  const key = await makeKey(closed, 'USERS_WRITE');
  expect(ending(await createUser(admin, full()))).toBe('ok');
  expect(ending(await createUser(key.client, full()))).toBe('ok');
  const taken = await createUser(key.client, { email: staff.user.email });
  expect(refusals(taken)).toEqual(['input.email TAKEN']);
  await closed.stop();
});

test('never takes the Owner’s seat of an empty database', async () => {
  const empty = await startTestServer({ RUN_JOBS: 'false' });
  const key = await makeKey(empty, 'USERS_WRITE', 'ROLES_WRITE');
  const made = userOf(await createUser(key.client, { email: newEmail(), confirmed: true }));
  expect(made.roleNames).toEqual(['User']);
  const first = await registerPerson(empty);
  const { data } = await first.client.graphql('{ me { roleNames } }');
  expect(data).toEqual({ me: { roleNames: ['Owner'] } });
  await empty.stop();
});

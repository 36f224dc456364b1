import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf } from '../audit/audit.ts';
import { confirmEmail, mailKinds } from '../email/addresses.ts';
import { meanwhile } from '../email/meanwhile.ts';
import { login, loginCodes } from '../session/sessions.ts';
import { mailsTo, newestMail } from '../support/mailbox.ts';
import {
  newEmail,
  password,
  registerMutation,
  registerPerson,
  type Person,
} from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { register, told, validate } from './registering.ts';

// With HIDE_REGISTERED_EMAILS=true nobody learns from registering who has an account.
let open: TestServer;
let server: TestServer;
let owner: Person;
let known: Person;
beforeAll(async () => {
  open = await startTestServer({ RUN_JOBS: 'false' });
  owner = await registerPerson(open);
  known = await registerPerson(open, { username: 'well_known' });
  server = await startTestServer({ HIDE_REGISTERED_EMAILS: 'true' }, open.database);
});
afterAll(async () => {
  await server.stop();
  await open.stop();
});

const nothing = { user: null, token: null, expiresAt: null, errors: [] };

const usersOf = (email: string) =>
  server.database.query<{ id: string; username: string }>(
    'SELECT id, username FROM users WHERE lower(email) = lower($1)',
    [email],
  );

describe('signed out, a free and a taken address', () => {
  test('get the same answer, headers and all, whatever was asked for', async () => {
    for (const wish of [{}, { signIn: true }, { signIn: true, delivery: 'COOKIE' }]) {
      const [free, taken] = await Promise.all(
        [newEmail(), known.email].map((email) =>
          server.client.graphql(registerMutation, { input: { email, password, ...wish } }),
        ),
      );
      expect(free?.data).toEqual({ register: nothing });
      expect(taken?.data).toEqual(free?.data);
      expect([taken?.status, taken?.errors]).toEqual([free?.status, free?.errors]);
      expect([...(taken?.headers.keys() ?? [])]).toEqual([...(free?.headers.keys() ?? [])]);
      expect(free?.headers.getSetCookie()).toEqual([]);
    }
  });

  test('are refused alike for everything else that is wrong', async () => {
    const wrong = { username: '1', password: 'short', firstName: 'a\nb' };
    const free = await register(server.client, wrong);
    expect(told(free.errors)).toHaveLength(5);
    expect(await register(server.client, { ...wrong, email: known.email })).toEqual(free);
  });

  test('are refused alike for a username that is taken', async () => {
    for (const email of [newEmail(), known.email]) {
      const { errors } = await register(server.client, { email, username: 'Well_Known' });
      expect(told(errors)).toEqual(['input.username TAKEN']);
    }
  });

  test('are valid alike', async () => {
    for (const email of [newEmail(), known.email, known.email.toUpperCase()]) {
      expect(await validate(server.client, { email })).toEqual({ valid: true, errors: [] });
    }
    const { errors } = await validate(server.client, {
      email: known.email,
      username: 'well_known',
    });
    expect(told(errors)).toEqual(['input.username TAKEN']);
  });
});

describe('a free address', () => {
  test('gets an account all the same, its mail, and its entries in the audit log', async () => {
    const email = newEmail();
    expect(await register(server.client, { email, firstName: 'Ada' })).toEqual(nothing);
    const { token } = await newestMail(server, email);
    const { user } = await confirmEmail(server.client, token);
    expect((await login(server.client, email)).user?.id).toBe(user?.id);
    const actions = (await auditOf(server.database, user?.id ?? '')).map(({ action }) => action);
    expect(actions).toEqual([
      'user.registered',
      'role.assigned',
      'email.confirmed',
      'session.opened',
    ]);
  });

  test('keeps the username that was asked for', async () => {
    const email = newEmail();
    await register(server.client, { email, username: 'Hidden_One' });
    expect(await usersOf(email)).toMatchObject([{ username: 'Hidden_One' }]);
  });

  test('gets a derived username that does not give it away', async () => {
    const email = 'Anna.Lena@example.com';
    await register(server.client, { email });
    const [user] = await usersOf(email);
    expect(user?.username).toMatch(/^anna_lena_[a-z0-9]{5}$/);
    expect((await validate(server.client, { username: 'anna_lena' })).errors).toEqual([]);
  });

  test('of a database without users becomes the confirmed Owner’s, who signs in next', async () => {
    const fresh = await startTestServer({ HIDE_REGISTERED_EMAILS: 'true' });
    const email = newEmail();
    expect(await register(fresh.client, { email, signIn: true })).toEqual(nothing);
    const { token } = await login(fresh.client, email);
    const { data } = await fresh.client
      .withToken(token ?? '')
      .graphql('{ me { roleNames } roles { name } }');
    expect(await mailsTo(fresh, email)).toEqual([]);
    await fresh.stop();
    expect(data).toMatchObject({ me: { roleNames: ['Owner'] } });
  });
});

describe('a taken address', () => {
  test('is left as it was; its owner is told by mail, at the address as they wrote it', async () => {
    const person = await registerPerson(open, { email: 'Bilbo@Example.com' });
    await mailsTo(server, person.email);
    const state = () =>
      server.database.query(
        `SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM sessions) AS sessions,
           (SELECT count(*) FROM role_assignments) AS roles,
           (SELECT count(*) FROM one_time_tokens) AS tokens,
           (SELECT count(*) FROM audit_events) AS entries,
           (SELECT users::text FROM users WHERE id = $1) AS row`,
        [person.id],
      );
    const before = await state();
    const input = { email: ' bilbo@example.COM', password: 'another password', signIn: true };
    expect(await register(server.client, input)).toEqual(nothing);
    expect(await state()).toEqual(before);
    expect(await mailKinds(server, person.email)).toEqual(['confirm', 'account-exists']);
    const [mail] = await server.database.query(
      "SELECT user_id, recipient FROM mails WHERE kind = 'account-exists' AND user_id = $1",
      [person.id],
    );
    expect(mail).toEqual({ user_id: person.id, recipient: 'Bilbo@Example.com' });
    expect((await newestMail(server, person.email)).token).toBeUndefined();
    expect(await loginCodes(server.client, person.email, { password: input.password })).toEqual([
      'INVALID_CREDENTIALS',
    ]);
  });

  test('that is taken while registering, by a change of address, is answered the same', async () => {
    const email = newEmail();
    const person = await registerPerson(open);
    const answer = await meanwhile(
      server,
      'UPDATE users SET email = $2 WHERE id = $1',
      [person.id, email],
      () => register(server.client, { email }),
    );
    expect(answer).toEqual(nothing);
    expect(await usersOf(email)).toMatchObject([{ id: person.id }]);
    expect(await mailKinds(server, email)).toEqual(['account-exists']);
  });

  test('of 10 simultaneous registrations one makes the account, and all are answered the same', async () => {
    const email = newEmail();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => register(server.client, { email })),
    );
    for (const answer of answers) expect(answer).toEqual(nothing);
    expect(await usersOf(email)).toHaveLength(1);
    const kinds = await mailKinds(server, email);
    expect(kinds.filter((kind) => kind === 'confirm')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'account-exists')).toHaveLength(9);
  });
});

describe('signed in', () => {
  test('administrators, who see all addresses anyway, are answered as ever', async () => {
    const client = server.client.withToken(owner.token);
    expect((await register(client)).user).not.toBeNull();
    for (const ask of [register, validate]) {
      const { errors } = await ask(client, { email: known.email });
      expect(told(errors)).toEqual(['input.email TAKEN']);
    }
  });

  test('anyone else is answered as if signed out: an account costs nothing', async () => {
    const client = server.client.withToken(known.token);
    for (const email of [newEmail(), owner.email]) {
      expect(await register(client, { email, signIn: true })).toEqual(nothing);
    }
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf } from '../audit/audit.ts';
import { mailsTo, newestMail } from '../support/mailbox.ts';
import { registerPerson, registerUnconfirmed } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { confirmEmail, mailKinds, requestConfirmation, tokenContexts } from './addresses.ts';
import { meanwhile } from './meanwhile.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server);
});
afterAll(() => server.stop());

describe('confirmEmail', () => {
  test('confirms the address by the token in the mail, signed out, and shows who that is', async () => {
    const person = await registerUnconfirmed(server);
    const { token } = await newestMail(server, person.email);
    const { user, refusals } = await confirmEmail(server.client, token);
    expect(refusals).toEqual([]);
    expect(user).toEqual({
      id: person.id,
      email: person.email,
      confirmedAt: expect.any(String) as string,
    });
    expect(Date.now() - Date.parse(user?.confirmedAt ?? '')).toBeLessThan(60_000);
    expect(await tokenContexts(server, person)).toEqual([]);
  });

  test('opens at once what was closed to the unconfirmed session, without signing in anew', async () => {
    const person = await registerUnconfirmed(server);
    const closed = await person.client.graphql('{ roles { name } }');
    expect(closed.code).toBe('EMAIL_NOT_CONFIRMED');
    // By the very session, whose user was read before the confirmation.
    const { user } = await confirmEmail(
      person.client,
      (await newestMail(server, person.email)).token,
    );
    expect(user?.confirmedAt).toEqual(expect.any(String));
    expect((await person.client.graphql('{ roles { name } }')).errors).toEqual([]);
  });

  test('works once: of 20 at the same instant one wins and 19 are told INVALID_TOKEN', async () => {
    const person = await registerUnconfirmed(server);
    const { token } = await newestMail(server, person.email);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => confirmEmail(server.client, token)),
    );
    expect(answers.filter(({ user }) => user !== null)).toHaveLength(1);
    const refused = answers.filter(({ user }) => user === null);
    expect(refused).toHaveLength(19);
    for (const { refusals } of refused) expect(refusals).toEqual(['token INVALID_TOKEN']);
    const confirmed = (await auditOf(server.database, person.id)).filter(
      ({ action }) => action === 'email.confirmed',
    );
    expect(confirmed).toHaveLength(1);
  });

  test('is recorded, by whoever followed the link', async () => {
    const person = await registerUnconfirmed(server);
    await confirmEmail(server.client, (await newestMail(server, person.email)).token);
    const rows = await auditOf(server.database, person.id);
    expect(rows.at(-1)).toMatchObject({
      action: 'email.confirmed',
      actor_type: 'anonymous',
      address: '127.0.0.1',
      metadata: {},
    });
  });

  test('succeeds for who was confirmed by other means meanwhile, and keeps the earlier time', async () => {
    const person = await registerUnconfirmed(server);
    const { token } = await newestMail(server, person.email);
    await server.database.query("UPDATE users SET confirmed_at = '2020-02-02Z' WHERE id = $1", [
      person.id,
    ]);
    const { user, refusals } = await confirmEmail(server.client, token);
    expect(refusals).toEqual([]);
    expect(user?.confirmedAt).toBe('2020-02-02T00:00:00.000Z');
    expect((await confirmEmail(server.client, token)).refusals).toEqual(['token INVALID_TOKEN']);
  });

  test('signs nobody in: the answer has no session and sets no cookie', async () => {
    const person = await registerUnconfirmed(server);
    const { token } = await newestMail(server, person.email);
    const { headers } = await server.client.graphql(
      'mutation ($token: String!) { confirmEmail(token: $token) { errors { code } } }',
      { token },
    );
    expect(headers.getSetCookie()).toEqual([]);
    const [row] = await server.database.query(
      'SELECT count(*)::int AS sessions FROM sessions WHERE user_id = $1',
      [person.id],
    );
    expect(row).toEqual({ sessions: 1 }); // from registering
  });
});

describe('requestEmailConfirmation', () => {
  test('mails an unconfirmed user a link that works, and the older one no longer does', async () => {
    const person = await registerUnconfirmed(server);
    const { token: older } = await newestMail(server, person.email);
    expect(await requestConfirmation(server.client, ` ${person.email.toUpperCase()} `)).toEqual([]);
    const mails = await mailsTo(server, person.email);
    expect(mails).toHaveLength(2);
    expect(mails[0]?.token).not.toBe(older);
    expect((await confirmEmail(server.client, older)).refusals).toEqual(['token INVALID_TOKEN']);
    expect((await confirmEmail(server.client, mails[0]?.token)).refusals).toEqual([]);
  });

  test('may be asked by the unconfirmed user, signed in', async () => {
    const person = await registerUnconfirmed(server);
    expect(await requestConfirmation(person.client, person.email)).toEqual([]);
    expect(await mailsTo(server, person.email)).toHaveLength(2);
  });

  test('writes to nobody whose address is confirmed, inactive or unknown', async () => {
    const confirmed = await registerPerson(server);
    const inactive = await registerUnconfirmed(server);
    await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [inactive.id]);
    const unknown = 'nobody-at-all@example.com';
    for (const email of [confirmed.email, inactive.email, unknown]) {
      const before = await mailsTo(server, email);
      expect(await requestConfirmation(server.client, email)).toEqual([]);
      expect(await mailsTo(server, email)).toEqual(before);
    }
    expect(await mailKinds(server, unknown)).toEqual([]);
  });

  test('tells a signed-in caller that the own address is confirmed, and nothing of others', async () => {
    const person = await registerPerson(server);
    const other = await registerPerson(server);
    expect(await requestConfirmation(person.client, person.email)).toEqual([
      'email ALREADY_CONFIRMED',
    ]);
    expect(await requestConfirmation(person.client, ` ${person.email.toUpperCase()}`)).toEqual([
      'email ALREADY_CONFIRMED',
    ]);
    expect(await requestConfirmation(person.client, other.email)).toEqual([]);
    expect(await requestConfirmation(server.client, person.email)).toEqual([]);
  });

  test('refuses what is no address, before anything is done', async () => {
    const refused = [
      ['', 'email REQUIRED'],
      [' \t', 'email REQUIRED'],
      ['nobody', 'email INVALID'],
      ['a@b@c', 'email INVALID'],
      ['a b@example.com', 'email INVALID'],
      [`${'a'.repeat(160)}@example.com`, 'email TOO_LONG'],
    ] as const;
    for (const [email, refusal] of refused) {
      expect([email, await requestConfirmation(server.client, email)]).toEqual([email, [refusal]]);
    }
  });

  test('is recorded about the user, with the address the request came from', async () => {
    const person = await registerUnconfirmed(server);
    await requestConfirmation(server.client.with({ 'user-agent': 'Asking/1.0' }), person.email);
    await mailsTo(server, person.email);
    const rows = await auditOf(server.database, person.id);
    expect(rows.at(-1)).toEqual({
      action: 'email.confirmation_requested',
      actor_type: 'anonymous',
      actor_id: null,
      address: '127.0.0.1',
      user_agent: 'Asking/1.0',
      metadata: {},
    });
  });

  test('comes after a confirmation of the same moment, which makes the mail needless', async () => {
    const person = await registerUnconfirmed(server);
    await newestMail(server, person.email);
    const confirmation = 'UPDATE users SET confirmed_at = now() WHERE id = $1';
    await meanwhile(server, confirmation, [person.id], () =>
      requestConfirmation(server.client, person.email),
    );
    expect(await mailsTo(server, person.email)).toHaveLength(1);
    expect(await tokenContexts(server, person)).toEqual(['confirm']); // from registering
  });
});

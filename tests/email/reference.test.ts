import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loginCodes } from '../session/sessions.ts';
import { mailsTo, newestMail } from '../support/mailbox.ts';
import { newEmail, password, registerPerson, registerUnconfirmed } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  confirmEmail,
  confirmEmailChange,
  requestConfirmation,
  requestEmailChange,
  stored,
  tokenContexts,
  validateEmail,
  validateEmailChange,
} from './addresses.ts';

// What the functions of PhoenixKit's Users.Auth promise, each with the examples of its page.
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server);
});
afterAll(() => server.stop());

describe('deliver_user_confirmation_instructions delivers the confirmation email', () => {
  test('to a user who has not confirmed: a mail to that address with a link', async () => {
    const user = await registerUnconfirmed(server);
    const before = await mailsTo(server, user.email);
    expect(await requestConfirmation(server.client, user.email)).toEqual([]);
    const mails = await mailsTo(server, user.email);
    expect(mails).toHaveLength(before.length + 1);
    expect(mails[0]?.token).toMatch(/^[\w-]{64}$/);
  });

  test('and answers a confirmed user, who asks signed in, already_confirmed', async () => {
    const confirmedUser = await registerPerson(server);
    const before = await mailsTo(server, confirmedUser.email);
    expect(await requestConfirmation(confirmedUser.client, confirmedUser.email)).toEqual([
      'email ALREADY_CONFIRMED',
    ]);
    expect(await mailsTo(server, confirmedUser.email)).toEqual(before);
  });
});

describe('confirm_user confirms a user by the given token', () => {
  test('marks the account as confirmed, and the token is deleted', async () => {
    const user = await registerUnconfirmed(server);
    const { token } = await newestMail(server, user.email);
    expect((await confirmEmail(server.client, token)).user?.id).toBe(user.id);
    expect(await stored(server, user)).toMatchObject({ confirmed: true });
    expect(await tokenContexts(server, user)).toEqual([]);
  });

  test('and changes nothing when the token does not match', async () => {
    const user = await registerUnconfirmed(server);
    expect((await confirmEmail(server.client, 'invalid')).refusals).toEqual([
      'token INVALID_TOKEN',
    ]);
    expect(await stored(server, user)).toMatchObject({ confirmed: false });
  });
});

describe('change_user_email tells what is wrong with a new address, changing nothing', () => {
  test('finds nothing wrong with one that can be had', async () => {
    const user = await registerPerson(server);
    expect(await validateEmail(user.client, newEmail())).toEqual([]);
  });

  test('finds one that is blank, malformed, too long, the present one or somebody’s', async () => {
    const user = await registerPerson(server);
    const other = await registerPerson(server);
    const wrong = [
      ['', 'email REQUIRED'],
      ['with spaces', 'email INVALID'],
      [`${'a'.repeat(150)}@example.com`, 'email TOO_LONG'],
      [user.email, 'email UNCHANGED'],
      [other.email, 'email TAKEN'],
    ] as const;
    for (const [email, refusal] of wrong) {
      expect([email, await validateEmail(user.client, email)]).toEqual([email, [refusal]]);
    }
    expect(await stored(server, user)).toMatchObject({ email: user.email });
  });
});

describe('apply_user_email emulates that the email will change without changing it', () => {
  test('with the valid password: ok, and the database has the old address', async () => {
    const user = await registerPerson(server);
    expect(await validateEmailChange(user.client, newEmail(), password)).toEqual([]);
    expect(await stored(server, user)).toMatchObject({ email: user.email });
  });

  test('with an invalid password: an error on the current password', async () => {
    const user = await registerPerson(server);
    expect(await validateEmailChange(user.client, newEmail(), 'invalid password')).toEqual([
      'currentPassword INVALID_CREDENTIALS',
    ]);
  });
});

describe('deliver_user_update_email_instructions delivers the update email instructions', () => {
  test('to the new address, with a link', async () => {
    const user = await registerPerson(server);
    const email = newEmail();
    expect(await requestEmailChange(user.client, email)).toEqual([]);
    expect((await newestMail(server, email)).token).toMatch(/^[\w-]{64}$/);
  });
});

describe('update_user_email updates the email using the given token', () => {
  test('the email is updated, the token deleted, the date of confirmation set to now', async () => {
    const user = await registerPerson(server);
    const email = newEmail();
    await requestEmailChange(user.client, email);
    const { token } = await newestMail(server, email);
    const outcome = await confirmEmailChange(server.client, token);
    expect(outcome.user).toMatchObject({ id: user.id, email });
    expect(Date.now() - Date.parse(outcome.user?.confirmedAt ?? '')).toBeLessThan(60_000);
    expect(await tokenContexts(server, user)).toEqual([]);
    // The old address resolves to nobody, the new one to the user.
    expect(await loginCodes(server.client, user.email)).toEqual(['INVALID_CREDENTIALS']);
    expect(await loginCodes(server.client, email)).toEqual([]);
  });

  test('and nothing when the token does not match', async () => {
    const user = await registerPerson(server);
    expect((await confirmEmailChange(user.client, 'invalid')).refusals).toEqual([
      'token INVALID_TOKEN',
    ]);
    expect(await stored(server, user)).toMatchObject({ email: user.email });
  });
});

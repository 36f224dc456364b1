import bcryptjs from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf } from '../audit/audit.ts';
import { mailsTo, newestMail } from '../support/mailbox.ts';
import { newEmail, password, registerPerson, registerUnconfirmed } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  confirmEmailChange,
  mailKinds,
  requestEmailChange,
  stored,
  tokenContexts,
  validateEmail,
  validateEmailChange,
} from './addresses.ts';
import { meanwhile } from './meanwhile.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server);
});
afterAll(() => server.stop());

const malformed = [
  ['', 'email REQUIRED'],
  ['  ', 'email REQUIRED'],
  ['nobody', 'email INVALID'],
  ['@example.com', 'email INVALID'],
  ['two@at@example.com', 'email INVALID'],
  ['with space@example.com', 'email INVALID'],
  [`${'a'.repeat(160)}@example.com`, 'email TOO_LONG'],
] as const;

describe.each([
  ['validateEmail', validateEmail],
  ['validateEmailChange', validateEmailChange],
  ['requestEmailChange', requestEmailChange],
] as const)('%s', (_name, ask) => {
  test.each(malformed)('refuses %j', async (email, refusal) => {
    const person = await registerPerson(server);
    expect(await ask(person.client, email)).toEqual([refusal]);
  });

  test('refuses an address with a control character as invalid, not as a fault', async () => {
    const person = await registerPerson(server);
    expect(new Set(await ask(person.client, 'a\0b@example.com'))).toEqual(
      new Set(['email INVALID']),
    );
  });

  test('refuses the own address, which is no change', async () => {
    const person = await registerPerson(server);
    expect(await ask(person.client, ` ${person.email} `)).toEqual(['email UNCHANGED']);
  });

  test('takes another spelling of the own address for a change', async () => {
    const person = await registerPerson(server);
    expect(await ask(person.client, person.email.toUpperCase())).toEqual([]);
  });

  test('refuses the address of someone else, in any case', async () => {
    const person = await registerPerson(server);
    const other = await registerPerson(server);
    expect(await ask(person.client, other.email.toUpperCase())).toEqual(['email TAKEN']);
  });

  test('is for the unconfirmed as well, who may have mistyped', async () => {
    const person = await registerUnconfirmed(server);
    expect(await ask(person.client, newEmail())).toEqual([]);
  });

  test('changes neither address nor confirmation', async () => {
    const person = await registerPerson(server);
    expect(await ask(person.client, newEmail())).toEqual([]);
    expect(await stored(server, person)).toEqual({ email: person.email, confirmed: true });
  });
});

describe.each([
  ['validateEmailChange', validateEmailChange],
  ['requestEmailChange', requestEmailChange],
] as const)('%s', (_name, ask) => {
  test('refuses a wrong password, and names what is wrong with the address as well', async () => {
    const person = await registerPerson(server);
    const wrong = ['', 'not this', password.toUpperCase(), `${password} `];
    for (const guess of wrong) {
      expect(await ask(person.client, newEmail(), guess)).toEqual([
        'currentPassword INVALID_CREDENTIALS',
      ]);
    }
    expect(await ask(person.client, person.email, 'not this')).toEqual([
      'currentPassword INVALID_CREDENTIALS',
      'email UNCHANGED',
    ]);
  });
});

describe('validateEmailChange and validateEmail', () => {
  test('write nothing: no token, no mail, no entry of something done', async () => {
    const person = await registerPerson(server);
    const state = () =>
      server.database.query(
        `SELECT (SELECT count(*) FROM one_time_tokens) AS tokens,
           (SELECT count(*) FROM mails) AS mails, (SELECT count(*) FROM audit_events) AS entries`,
      );
    const before = await state();
    await validateEmail(person.client, newEmail());
    await validateEmailChange(person.client, newEmail());
    await validateEmailChange(person.client, newEmail(), 'not this');
    expect(await state()).toEqual(before);
  });
});

describe('requestEmailChange', () => {
  test('mails a link to the new address, and nothing yet to the old one', async () => {
    const person = await registerPerson(server);
    const before = await mailKinds(server, person.email);
    const email = newEmail();
    expect(await requestEmailChange(person.client, ` ${email}`)).toEqual([]);
    const { token } = await newestMail(server, email);
    expect(token).toMatch(/^[\w-]{64}$/);
    expect(await mailKinds(server, email)).toEqual(['change-email']);
    expect(await mailKinds(server, person.email)).toEqual(before);
  });

  test('asked twice leaves one link that works: the newer', async () => {
    const person = await registerPerson(server);
    const [first, second] = [newEmail(), newEmail()];
    await requestEmailChange(person.client, first);
    const { token: older } = await newestMail(server, first);
    await requestEmailChange(person.client, second);
    const { token: newer } = await newestMail(server, second);
    const refused = await confirmEmailChange(server.client, older);
    expect(refused.refusals).toEqual(['token INVALID_TOKEN']);
    expect((await confirmEmailChange(server.client, newer)).user?.email).toBe(second);
  });

  test('refused leaves an earlier link as good as before', async () => {
    const person = await registerPerson(server);
    const email = newEmail();
    await requestEmailChange(person.client, email);
    const { token } = await newestMail(server, email);
    await requestEmailChange(person.client, newEmail(), 'not this');
    await requestEmailChange(person.client, 'nonsense');
    expect((await confirmEmailChange(server.client, token)).refusals).toEqual([]);
  });

  test('is recorded, with the address that is wanted', async () => {
    const person = await registerPerson(server);
    const email = newEmail();
    await requestEmailChange(person.client, email);
    expect((await auditOf(server.database, person.id)).at(-1)).toMatchObject({
      action: 'email.change_requested',
      actor_type: 'user',
      actor_id: person.id,
      metadata: { to: email },
    });
  });

  test('is for nobody who is signed out', async () => {
    const documents = [
      'mutation { requestEmailChange(currentPassword: "x", email: "a@b.c") { errors { code } } }',
      '{ validateEmail(email: "a@b.c") { valid } }',
      '{ validateEmailChange(currentPassword: "x", email: "a@b.c") { valid } }',
    ];
    for (const document of documents) {
      expect((await server.client.graphql(document)).code).toBe('UNAUTHENTICATED');
    }
  });
});

describe('a change of the account while the password is being checked wins:', () => {
  test('a new password makes the old one wrong', async () => {
    const person = await registerPerson(server);
    const email = newEmail();
    const hash = bcryptjs.hashSync('an entirely new one', 4);
    const refusals = await meanwhile(
      server,
      'UPDATE users SET password_hash = $2 WHERE id = $1',
      [person.id, hash],
      () => requestEmailChange(person.client, email),
    );
    expect(refusals).toEqual(['currentPassword INVALID_CREDENTIALS']);
    expect(await mailKinds(server, email)).toEqual([]);
    expect(await tokenContexts(server, person)).not.toContain('change_email');
  });

  test('another address is what the link is bound to', async () => {
    const person = await registerPerson(server);
    const [meant, email] = [newEmail(), newEmail()];
    const refusals = await meanwhile(
      server,
      'UPDATE users SET email = $2 WHERE id = $1',
      [person.id, meant],
      () => requestEmailChange(person.client, email),
    );
    expect(refusals).toEqual([]);
    const { token } = await newestMail(server, email);
    expect((await confirmEmailChange(server.client, token)).user?.email).toBe(email);
    expect(await mailKinds(server, meant)).toEqual(['email-changed']);
  });

  test('a deactivation signs the caller out', async () => {
    const person = await registerPerson(server);
    const email = newEmail();
    const answer = await meanwhile(
      server,
      'UPDATE users SET is_active = false WHERE id = $1',
      [person.id],
      () =>
        person.client.graphql(
          `mutation ($email: String!, $password: String!) {
            requestEmailChange(email: $email, currentPassword: $password) { errors { code } }
          }`,
          { email, password },
        ),
    );
    expect(answer.code).toBe('UNAUTHENTICATED');
    expect(await mailsTo(server, email)).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf, breakAudit, mendAudit } from '../audit/audit.ts';
import { loginCodes, whoIs } from '../session/sessions.ts';
import { mailsTo, newestMail } from '../support/mailbox.ts';
import { newEmail, registerPerson, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  confirmEmail,
  confirmEmailChange,
  mailKinds,
  requestEmailChange,
  stored,
  tokenContexts,
} from './addresses.ts';
import { meanwhile } from './meanwhile.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server);
});
afterAll(() => server.stop());

/** The token that was mailed to the address someone wants to have. */
async function tokenFor(person: Person, email: string): Promise<string> {
  expect(await requestEmailChange(person.client, email)).toEqual([]);
  return (await newestMail(server, email)).token ?? '';
}

describe('confirmEmailChange', () => {
  test('changes the address, signed out, and shows who that is', async () => {
    const person = await registerPerson(server);
    const email = 'Somebody.New@Example.com';
    const { user, refusals } = await confirmEmailChange(
      server.client,
      await tokenFor(person, email),
    );
    expect(refusals).toEqual([]);
    expect(user).toMatchObject({ id: person.id, email });
    expect(await stored(server, person)).toEqual({ email, confirmed: true });
    expect(await loginCodes(server.client, email)).toEqual([]);
    expect(await loginCodes(server.client, person.email)).toEqual(['INVALID_CREDENTIALS']);
  });

  test('confirms the new address, also for who never confirmed the old one', async () => {
    const person = await registerUnconfirmed(server);
    const { token: confirmation } = await newestMail(server, person.email);
    const token = await tokenFor(person, newEmail());
    expect((await confirmEmailChange(person.client, token)).user?.confirmedAt).toEqual(
      expect.any(String),
    );
    expect((await person.client.graphql('{ roles { name } }')).errors).toEqual([]);
    // The link to the old address proves nothing any more.
    expect((await confirmEmail(server.client, confirmation)).refusals).toEqual([
      'token INVALID_TOKEN',
    ]);
  });

  test('renews the time of confirmation', async () => {
    const person = await registerPerson(server);
    await server.database.query("UPDATE users SET confirmed_at = '2020-02-02' WHERE id = $1", [
      person.id,
    ]);
    const { user } = await confirmEmailChange(server.client, await tokenFor(person, newEmail()));
    expect(Date.now() - Date.parse(user?.confirmedAt ?? '')).toBeLessThan(60_000);
  });

  test('tells the old address, once', async () => {
    const person = await registerPerson(server);
    const email = newEmail();
    await confirmEmailChange(server.client, await tokenFor(person, email));
    await mailsTo(server, person.email);
    expect(await mailKinds(server, person.email)).toEqual(['confirm', 'email-changed']);
    expect(await mailKinds(server, email)).toEqual(['change-email']);
  });

  test('makes every other link worthless, those for a new password among them', async () => {
    const person = await registerUnconfirmed(server);
    const token = await tokenFor(person, newEmail());
    await server.database.query(
      `INSERT INTO one_time_tokens
         (id, user_id, context, token_hash, email, sent_to, created_at, expires_at)
       SELECT gen_random_uuid(), user_id, 'reset_password', sha256('other'), email, email, now(),
         expires_at FROM one_time_tokens WHERE user_id = $1 AND context = 'confirm'`,
      [person.id],
    );
    expect(await tokenContexts(server, person)).toEqual([
      'change_email',
      'confirm',
      'reset_password',
    ]);
    expect((await confirmEmailChange(server.client, token)).refusals).toEqual([]);
    expect(await tokenContexts(server, person)).toEqual([]);
  });

  test('leaves sessions as they are', async () => {
    const person = await registerPerson(server);
    await confirmEmailChange(server.client, await tokenFor(person, newEmail()));
    expect(await whoIs(person.client)).toBe(person.id);
  });

  test('is recorded, from and to', async () => {
    const person = await registerPerson(server);
    const email = newEmail();
    await confirmEmailChange(server.client, await tokenFor(person, email));
    expect((await auditOf(server.database, person.id)).at(-1)).toMatchObject({
      action: 'email.changed',
      actor_type: 'anonymous',
      address: '127.0.0.1',
      metadata: { from: person.email, to: email },
    });
  });

  test('that cannot be recorded is not done, and the token is as good as before', async () => {
    const person = await registerPerson(server);
    const email = newEmail();
    const token = await tokenFor(person, email);
    await breakAudit(server.database);
    const { code } = await server.client.graphql(
      'mutation ($token: String!) { confirmEmailChange(token: $token) { errors { code } } }',
      { token },
    );
    await mendAudit(server.database);
    expect(code).toBe('INTERNAL_SERVER_ERROR');
    expect(await stored(server, person)).toMatchObject({ email: person.email });
    expect((await confirmEmailChange(server.client, token)).user?.email).toBe(email);
  });

  test('changes the spelling of the own address', async () => {
    const person = await registerPerson(server, { email: 'mccloud@example.com' });
    const email = 'McCloud@example.com';
    await requestEmailChange(person.client, email);
    const [mail] = await mailsTo(server, email);
    expect((await confirmEmailChange(server.client, mail?.token)).user?.email).toBe(email);
  });
});

describe('an address that someone else has by now', () => {
  test('is TAKEN, nothing is changed, and the token works when the address is free again', async () => {
    const person = await registerPerson(server);
    const email = newEmail();
    const token = await tokenFor(person, email);
    const other = await registerPerson(server, { email: email.toUpperCase() });
    expect(await confirmEmailChange(server.client, token)).toEqual({
      user: null,
      refusals: ['token TAKEN'],
    });
    expect(await stored(server, person)).toEqual({ email: person.email, confirmed: true });
    expect(await mailKinds(server, person.email)).toEqual(['confirm']);
    expect((await auditOf(server.database, person.id)).at(-1)?.action).toBe(
      'email.change_requested',
    );
    await server.database.query("UPDATE users SET email = 'moved@example.com' WHERE id = $1", [
      other.id,
    ]);
    expect((await confirmEmailChange(server.client, token)).user?.email).toBe(email);
  });

  test('was won by one of ten who wanted it at the same instant; nine are told TAKEN', async () => {
    const email = 'the-one@example.com';
    const tokens: string[] = [];
    for (let index = 0; index < 10; index += 1) {
      tokens.push(await tokenFor(await registerPerson(server), email));
    }
    const answers = await Promise.all(
      tokens.map((token) => confirmEmailChange(server.client, token)),
    );
    const winners = answers.filter(({ user }) => user !== null);
    expect(winners).toHaveLength(1);
    for (const { user, refusals } of answers) {
      expect(refusals).toEqual(user === null ? ['token TAKEN'] : []);
    }
    const rows = await server.database.query('SELECT id FROM users WHERE email = $1', [email]);
    expect(rows).toEqual([{ id: winners[0]?.user?.id }]);
  });

  test('was registered in this moment', async () => {
    const person = await registerPerson(server);
    const email = newEmail();
    const token = await tokenFor(person, email);
    const answer = await meanwhile(
      server,
      `INSERT INTO users (id, email, password_hash, created_at, updated_at)
       VALUES (gen_random_uuid(), $1, '', now(), now())`,
      [email],
      () => confirmEmailChange(server.client, token),
    );
    expect(answer.refusals).toEqual(['token TAKEN']);
  });
});

describe('at the same instant', () => {
  test('of 20 redemptions of one token one wins and 19 are told INVALID_TOKEN', async () => {
    const person = await registerPerson(server);
    const token = await tokenFor(person, newEmail());
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => confirmEmailChange(server.client, token)),
    );
    const refused = answers.filter(({ user }) => user === null);
    expect(refused).toHaveLength(19);
    for (const { refusals } of refused) expect(refusals).toEqual(['token INVALID_TOKEN']);
    await mailsTo(server, person.email);
    expect(await mailKinds(server, person.email)).toEqual(['confirm', 'email-changed']);
  });

  test('confirming the old address and changing to a new one never wait for each other', async () => {
    for (let round = 0; round < 10; round += 1) {
      const person = await registerUnconfirmed(server);
      const { token: confirmation } = await newestMail(server, person.email);
      const email = newEmail();
      const token = await tokenFor(person, email);
      const [confirmed, changed] = await Promise.all([
        confirmEmail(server.client, confirmation),
        confirmEmailChange(server.client, token),
      ]);
      expect(changed.refusals).toEqual([]);
      expect([[], ['token INVALID_TOKEN']]).toContainEqual(confirmed.refusals);
      expect(await stored(server, person)).toEqual({ email, confirmed: true });
    }
  });
});

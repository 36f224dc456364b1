import { afterAll, beforeAll, expect, test } from 'vitest';
import { breakAudit, mendAudit } from '../audit/audit.ts';
import { confirmEmail, mailKinds, stored, tokenContexts } from '../email/addresses.ts';
import { mailsTo, newestMail } from '../support/mailbox.ts';
import {
  newEmail,
  password,
  registerMutation,
  registerPerson,
  registerUnconfirmed,
  type Person,
} from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { register } from './registering.ts';

let server: TestServer;
let owner: Person;
beforeAll(async () => {
  server = await startTestServer();
  owner = await registerPerson(server);
});
afterAll(() => server.stop());

test('registering mails a link that confirms the address', async () => {
  const person = await registerUnconfirmed(server);
  const { token, links } = await newestMail(server, person.email);
  expect(links.some((link) => new URL(link).pathname === '/confirm')).toBe(true);
  expect(await stored(server, person)).toMatchObject({ confirmed: false });
  expect((await confirmEmail(server.client, token)).user?.id).toBe(person.id);
  expect(await stored(server, person)).toMatchObject({ confirmed: true });
});

test('the first Owner, who is confirmed at once, gets no mail and no token', async () => {
  expect(await mailsTo(server, owner.email)).toEqual([]);
  expect(await tokenContexts(server, owner)).toEqual([]);
});

test('a refused registration mails nobody', async () => {
  const email = newEmail();
  expect((await register(server.client, { email, password: 'short' })).user).toBeNull();
  expect((await register(server.client, { email: owner.email })).user).toBeNull();
  expect(await mailKinds(server, email)).toEqual([]);
  expect(await mailKinds(server, owner.email)).toEqual([]);
});

test('a registration that cannot be recorded leaves no token, no mail and no job behind', async () => {
  const state = () =>
    server.database.query(
      `SELECT (SELECT count(*) FROM one_time_tokens) AS tokens, (SELECT count(*) FROM mails) AS mails,
         (SELECT count(*) FROM graphile_worker.jobs WHERE task_identifier = 'send-mail') AS jobs`,
    );
  await mailsTo(server, owner.email); // until no job is left
  const before = await state();
  await breakAudit(server.database);
  const input = { email: newEmail(), password };
  const { code } = await server.client.graphql(registerMutation, { input });
  await mendAudit(server.database);
  expect(code).toBe('INTERNAL_SERVER_ERROR');
  expect(await state()).toEqual(before);
});

test('REQUIRE_CONFIRMED_EMAIL=false lets the unconfirmed in, and mails the link all the same', async () => {
  const lenient = await startTestServer({ REQUIRE_CONFIRMED_EMAIL: 'false' });
  await registerPerson(lenient);
  const person = await registerUnconfirmed(lenient);
  const { errors } = await person.client.graphql('{ roles { name } }');
  const { token } = await newestMail(lenient, person.email);
  const { user } = await confirmEmail(lenient.client, token);
  await lenient.stop();
  expect(errors).toEqual([]);
  expect(user?.confirmedAt).toEqual(expect.any(String));
});

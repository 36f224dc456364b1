import { afterAll, beforeAll, expect, test } from 'vitest';
import { newestMail } from '../support/mailbox.ts';
import { newEmail, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  confirmEmailChange,
  mailKinds,
  requestEmailChange,
  validateEmail,
  validateEmailChange,
} from './addresses.ts';

// With HIDE_REGISTERED_EMAILS=true a signed-in caller learns no more than a stranger does.
let open: TestServer;
let server: TestServer;
let person: Person;
let other: Person;
beforeAll(async () => {
  open = await startTestServer({ RUN_JOBS: 'false' });
  person = await registerPerson(open);
  other = await registerPerson(open);
  server = await startTestServer({ HIDE_REGISTERED_EMAILS: 'true' }, open.database);
});
afterAll(async () => {
  await server.stop();
  await open.stop();
});

const signedIn = () => server.client.withToken(person.token);

test('no validation says that an address is taken', async () => {
  for (const email of [other.email, other.email.toUpperCase(), newEmail()]) {
    expect(await validateEmail(signedIn(), email)).toEqual([]);
    expect(await validateEmailChange(signedIn(), email)).toEqual([]);
  }
  expect(await validateEmail(signedIn(), person.email)).toEqual(['email UNCHANGED']);
  expect(await validateEmailChange(signedIn(), other.email, 'not this')).toEqual([
    'currentPassword INVALID_CREDENTIALS',
  ]);
});

test('asking for a taken address is answered as for a free one, and its owner is told', async () => {
  const free = newEmail();
  const before = await mailKinds(server, other.email);
  expect(await requestEmailChange(signedIn(), other.email.toUpperCase())).toEqual([]);
  expect(await requestEmailChange(signedIn(), free)).toEqual([]);
  await newestMail(server, free);
  expect(await mailKinds(server, other.email)).toEqual([...before, 'account-exists']);
  expect((await newestMail(server, other.email)).token).toBeUndefined();
  expect(await mailKinds(server, free)).toEqual(['change-email']);
});

test('the own address in another spelling is not mistaken for a taken one', async () => {
  const email = person.email.toUpperCase();
  expect(await requestEmailChange(signedIn(), email)).toEqual([]);
  expect((await mailKinds(server, email)).at(-1)).toBe('change-email');
});

test('who holds a link may learn that the address is taken by now: they read its mail', async () => {
  const email = newEmail();
  await requestEmailChange(signedIn(), email);
  const { token } = await newestMail(server, email);
  await registerPerson(open, { email });
  expect((await confirmEmailChange(server.client, token)).refusals).toEqual(['token TAKEN']);
});

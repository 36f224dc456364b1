import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { signIn, useBrowser } from '../support/browser.ts';
import { newestMail } from '../support/mailbox.ts';
import { loginMutation, newEmail, password, type LoginResult } from '../support/people.ts';
import type { TestServer } from '../support/server.ts';
import { seeTitle, start } from './mailed.ts';

const visit = useBrowser();

const newPassword = 'a stable of seven horses';

interface Answer<Data> {
  readonly data: Data;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

/** Sends an operation from the page, as an application would: the browser adds the cookie. */
async function send<Data>(page: Page, query: string, variables = {}): Promise<Answer<Data>> {
  const answer: unknown = await page.evaluate(
    async (request) => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify(request);
      const response = await fetch('/graphql', { method: 'POST', headers, body });
      return (await response.json()) as unknown;
    },
    { query, variables },
  );
  return answer as Answer<Data>;
}

/**
 * Reads the newest mail in the mailbox and follows its link, which opens a page of its own. The
 * first one goes on to a page that may send operations, which the mailbox may not.
 */
async function followMail(page: Page, server: TestServer, to: string): Promise<Page> {
  const { subject } = await newestMail(server, to);
  await page.goto(`${server.url}/dev/mailbox?to=${encodeURIComponent(to)}`);
  await page.getByRole('heading', { name: subject }).waitFor();
  const opening = page.waitForEvent('popup');
  await page.frameLocator('iframe').getByRole('link').first().click();
  const opened = await opening;
  await page.goto(`${server.url}/confirm`);
  return opened;
}

async function seeSignedIn(page: Page, email: string): Promise<void> {
  await page.getByTestId('signed-in-as').getByTitle(email).waitFor();
}

async function signOut(page: Page, server: TestServer): Promise<void> {
  await page.goto(server.url);
  await page.getByTestId('sign-out').click();
  await page.getByTestId('sign-in').waitFor();
}

test('the whole life of an account, from registration to the end of a session', async () => {
  const server = await start();
  const email = newEmail();
  const { page } = await visit(`${server.url}/confirm`);

  // Registers, and is told to confirm the address first.
  const registered = await send<{ register: { errors: unknown[] } }>(
    page,
    'mutation ($input: RegisterInput!) { register(input: $input) { errors { code } } }',
    { input: { email, password, signIn: true, delivery: 'COOKIE' } },
  );
  expect(registered.data.register.errors).toEqual([]);
  const gated = await send(page, '{ roles { name } }');
  expect(gated.errors?.[0]?.extensions.code).toBe('EMAIL_NOT_CONFIRMED');

  // Reads the mail and confirms.
  const confirmation = await followMail(page, server, email);
  await confirmation.getByRole('button', { name: 'Confirm my address' }).click();
  await seeTitle(confirmation, 'Your address is confirmed');
  await confirmation.close();
  expect((await send(page, '{ roles { name } }')).errors).toBeUndefined();

  // Signs out, has forgotten the password and sets another.
  await signOut(page, server);
  await page.goto(`${server.url}/reset-password`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send me a new link' }).click();
  await seeTitle(page, 'Check your mail');
  const reset = await followMail(page, server, email);
  await reset.getByLabel('New password', { exact: true }).fill(newPassword);
  await reset.getByRole('button', { name: 'Save the new password' }).click();
  await seeTitle(reset, 'Your password has been changed');
  await reset.close();

  // Signs in with it and moves to another address.
  await page.goto(server.url);
  await signIn(page, email, newPassword);
  await seeSignedIn(page, email);
  const newAddress = newEmail();
  const requested = await send<{ requestEmailChange: { errors: unknown[] } }>(
    page,
    `mutation ($currentPassword: String!, $email: String!) {
      requestEmailChange(currentPassword: $currentPassword, email: $email) { errors { code } }
    }`,
    { currentPassword: newPassword, email: newAddress },
  );
  expect(requested.data.requestEmailChange.errors).toEqual([]);
  const change = await followMail(page, server, newAddress);
  await change.getByRole('button', { name: 'Use the new address' }).click();
  await seeTitle(change, 'Your address has been changed');
  await change.close();
  expect((await newestMail(server, email)).text).toContain(newAddress);

  // Sees the sessions and ends the one on another machine.
  const input = { email: newAddress, password: newPassword };
  const elsewhere = await server.client.graphql<LoginResult>(loginMutation, { input });
  const other = server.client.withToken(elsewhere.data.login.token ?? '');
  interface Sessions {
    readonly mySessions: readonly { readonly id: string; readonly isCurrent: boolean }[];
  }
  const listed = await send<Sessions>(page, '{ mySessions { id isCurrent } }');
  expect(listed.data.mySessions.map(({ isCurrent }) => isCurrent).sort()).toEqual([false, true]);
  const ended = await send<{ revokeSession: { errors: unknown[] } }>(
    page,
    'mutation ($id: ID!) { revokeSession(id: $id) { errors { code } } }',
    { id: listed.data.mySessions.find(({ isCurrent }) => !isCurrent)?.id },
  );
  expect(ended.data.revokeSession.errors).toEqual([]);
  expect((await other.graphql<{ me: unknown }>('{ me { id } }')).data.me).toBeNull();

  await signOut(page, server);
  await signIn(page, newAddress, newPassword);
  await seeSignedIn(page, newAddress);
});

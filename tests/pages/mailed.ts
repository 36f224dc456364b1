import { expect, onTestFinished, vi } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { newestMail } from '../support/mailbox.ts';
import { newEmail, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

// A browser takes its time, above all when others run beside it.
vi.setConfig({ testTimeout: 120_000 });

/** A server that already has its Owner, so that who registers next has to confirm. */
export async function start(
  environment: Readonly<Record<string, string>> = {},
  owner: Readonly<Record<string, unknown>> = {},
): Promise<TestServer> {
  const server = await startTestServer(environment);
  onTestFinished(() => server.stop());
  await registerUnconfirmed(server, owner);
  return server;
}

/** The link in the newest mail to an address. */
export async function mailedLink(server: TestServer, email: string): Promise<string> {
  const { links } = await newestMail(server, email);
  const link = links.find((one) => one.includes('token='));
  if (link === undefined) throw new Error(`The mail to ${email} has no link with a token.`);
  return link;
}

/** Someone who has just registered, and the link that confirms the address. */
export async function registerAndReadMail(
  server: TestServer,
): Promise<{ person: Person; link: string }> {
  const person = await registerUnconfirmed(server);
  return { person, link: await mailedLink(server, person.email) };
}

/** Someone who forgot the password, and the link for a new one. */
export async function forgetPassword(
  server: TestServer,
  input: Readonly<Record<string, unknown>> = {},
): Promise<{ person: Person; link: string }> {
  const person = await registerUnconfirmed(server, { email: newEmail(), ...input });
  await mailedLink(server, person.email); // the confirmation, to be older than what follows
  const { errors } = await server.client.graphql(
    'mutation ($email: String!) { requestPasswordReset(email: $email) { errors { code } } }',
    { email: person.email },
  );
  expect(errors).toEqual([]);
  return { person, link: await mailedLink(server, person.email) };
}

export async function isConfirmed(server: TestServer, { id }: Person): Promise<boolean> {
  const [row] = await server.database.query<{ confirmed: boolean }>(
    'SELECT confirmed_at IS NOT NULL AS confirmed FROM users WHERE id = $1',
    [id],
  );
  return row?.confirmed ?? false;
}

/** Waits for a view by its title. */
export async function seeTitle(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
}

/** Presses Tab until the focus is on the control with that name. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole('button', { name }).or(page.getByLabel(name)).first();
  for (let presses = 0; presses < 10; presses += 1) {
    if (await hasFocus(wanted)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to "${name}".`);
}

/** The title of what has the focus. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '');
}

export function hasFocus(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}

/** What describes a field to those who hear the page: hints and faults, by `aria-describedby`. */
export function describing(field: Locator): Promise<string> {
  return field.evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' ')
      .trim(),
  );
}

import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { newEmail, password, registerPerson, type Person } from '../support/people.ts';
import type { TestServer } from '../support/server.ts';
import { mailedLink, seeTitle, start, tabTo } from './mailed.ts';

const visit = useBrowser();

const requestChange = `mutation ($currentPassword: String!, $email: String!) {
  requestEmailChange(currentPassword: $currentPassword, email: $email) { errors { code } }
}`;

/** Someone who wants another address, and the link that was mailed to it. */
async function askForChange(server: TestServer) {
  const person = await registerPerson(server);
  const email = newEmail();
  const variables = { currentPassword: password, email };
  const { data } = await person.client.graphql<{ requestEmailChange: { errors: unknown[] } }>(
    requestChange,
    variables,
  );
  expect(data.requestEmailChange.errors).toEqual([]);
  return { person, email, link: await mailedLink(server, email) };
}

async function addressOf(server: TestServer, { id }: Person): Promise<string | undefined> {
  const [row] = await server.database.query<{ email: string }>(
    'SELECT email FROM users WHERE id = $1',
    [id],
  );
  return row?.email;
}

test('a person follows the link to the new address and changes to it by keyboard alone', async () => {
  const server = await start();
  const { person, email, link } = await askForChange(server);
  expect(link).toMatch(new RegExp(`^${server.url}/confirm-email\\?token=[\\w-]{64}$`));
  await fetch(link);
  const { page, complaints, hosts } = await visit(link);
  await seeTitle(page, 'Confirm your new e-mail address');
  expect(page.url()).toBe(`${server.url}/confirm-email`);
  expect(await addressOf(server, person)).toBe(person.email);
  await tabTo(page, 'Use the new address');
  await page.keyboard.press('Space');
  await seeTitle(page, 'Your address has been changed');
  expect(await addressOf(server, person)).toBe(email);
  expect(complaints).toEqual([]);
  expect([...hosts]).toEqual([new URL(server.url).host]);

  await page.goto(link);
  await page.getByRole('button', { name: 'Use the new address' }).click();
  await seeTitle(page, 'This link does not work');
  // A new one takes the password, which only the application may ask for.
  await page.getByText('start the change again in Gatehouse').waitFor();
  expect(await page.getByRole('textbox').count()).toBe(0);
});

test('an address that somebody else took meanwhile is told of, and nothing changes', async () => {
  const server = await start();
  const { person, email, link } = await askForChange(server);
  await registerPerson(server, { email });
  const { page } = await visit(link);
  await page.getByRole('button', { name: 'Use the new address' }).click();
  await seeTitle(page, 'This address cannot be used');
  expect(await addressOf(server, person)).toBe(person.email);
});

test('a reload tells to open the link again', async () => {
  const server = await start();
  const { link } = await askForChange(server);
  const { page } = await visit(link);
  await page.reload();
  await seeTitle(page, 'Open the link from the mail again');
});

import { expect, onTestFinished, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { newestMail } from '../support/mailbox.ts';
import { registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { registerRecipient } from './mails.ts';

const visit = useBrowser();

test('a person reads the newest mail, chooses another and follows its link', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.stop());
  await registerPerson(server);
  const first = await registerRecipient(server);
  const { token: firstToken = 'none', subject } = await newestMail(server, first.email);
  const second = await registerRecipient(server);
  await newestMail(server, second.email);

  const { page, complaints, hosts } = await visit(`${server.url}/dev/mailbox`);
  const mail = page.getByRole('article');
  await expect.poll(() => mail.textContent(), { timeout: 10_000 }).toContain(second.email);
  await expect.poll(() => page.title(), { timeout: 10_000 }).toBe(`${subject} – Mailbox`);

  await page.getByRole('link', { name: first.email }).click();
  await expect.poll(() => mail.textContent(), { timeout: 10_000 }).toContain(first.email);
  await page.getByLabel('Mail to').fill(first.email);
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.getByRole('navigation').getByRole('link').count(), { timeout: 10_000 })
    .toBe(1);
  await expect.poll(() => mail.textContent(), { timeout: 10_000 }).toContain(firstToken);

  const framed = page.frameLocator('iframe').locator(`a[href*="${firstToken}"]`).first();
  // Of the address only: the page that opens takes the token out of it at once.
  const [opened] = await Promise.all([
    page.context().waitForEvent('request', (one) => one.isNavigationRequest()),
    framed.click(),
  ]);
  expect(opened.url()).toContain(`/confirm?token=${firstToken}`);
  expect(page.url()).toContain('/dev/mailbox');
  expect(complaints).toEqual([]);
  expect([...hosts]).toEqual([new URL(server.url).host]);
});

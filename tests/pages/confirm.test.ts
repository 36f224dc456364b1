import { expect, test } from 'vitest';
import { mailsTo } from '../support/mailbox.ts';
import { newEmail } from '../support/people.ts';
import { useBrowser } from '../support/browser.ts';
import {
  describing,
  focused,
  hasFocus,
  isConfirmed,
  mailedLink,
  registerAndReadMail,
  seeTitle,
  start,
  tabTo,
} from './mailed.ts';

const visit = useBrowser();

test('a person follows the link in the mail and confirms the address by keyboard alone', async () => {
  const server = await start();
  const { person, link } = await registerAndReadMail(server);
  expect(link).toMatch(new RegExp(`^${server.url}/confirm\\?token=[\\w-]{64}$`));
  const { page, complaints, hosts } = await visit(link);
  await seeTitle(page, 'Confirm your e-mail address');
  await tabTo(page, 'Confirm my address');
  await page.keyboard.press('Enter');
  await seeTitle(page, 'Your address is confirmed');
  expect(await focused(page)).toBe('Your address is confirmed');
  expect(await page.title()).toBe('Your address is confirmed – Gatehouse');
  expect(await isConfirmed(server, person)).toBe(true);
  expect(complaints).toEqual([]);
  expect([...hosts]).toEqual([new URL(server.url).host]);
});

test('opening the link confirms nothing, for programs that look at mail open it too', async () => {
  const server = await start();
  const { person, link } = await registerAndReadMail(server);
  await fetch(link);
  await fetch(link, { method: 'HEAD' });
  const { page } = await visit(link);
  await seeTitle(page, 'Confirm your e-mail address');
  expect(await isConfirmed(server, person)).toBe(false);
  await page.getByRole('button').click();
  await seeTitle(page, 'Your address is confirmed');
});

test('the token leaves the address bar, and what is kept in the browser', async () => {
  const server = await start();
  const { link } = await registerAndReadMail(server);
  const token = new URL(link).searchParams.get('token') ?? '';
  const { page } = await visit(link);
  await seeTitle(page, 'Confirm your e-mail address');
  expect(page.url()).toBe(`${server.url}/confirm`);
  const kept = await page.evaluate(() =>
    [history.state, localStorage, sessionStorage].map((one) => JSON.stringify(one)).join(),
  );
  expect(kept).not.toContain(token);
  expect(await page.content()).not.toContain(token);
});

test('a reload tells how to go on, and the link still works afterwards', async () => {
  const server = await start();
  const { person, link } = await registerAndReadMail(server);
  const { page } = await visit(link);
  await page.reload();
  await seeTitle(page, 'Open the link from the mail again');
  await page.goto(link);
  await page.getByRole('button', { name: 'Confirm my address' }).click();
  await seeTitle(page, 'Your address is confirmed');
  expect(await isConfirmed(server, person)).toBe(true);
});

test('a link that is wrong, cut off or full of markup is told of, and confirms nothing', async () => {
  const server = await start();
  const { person, link } = await registerAndReadMail(server);
  const { page, complaints } = await visit(link);
  for (const broken of [
    `${link.slice(0, -4)}AAAA`,
    link.slice(0, -10),
    `${server.url}/confirm?token=<img src=x onerror=alert(1)>`,
  ]) {
    await page.goto(broken);
    await page.getByRole('button', { name: 'Confirm my address' }).click();
    await seeTitle(page, 'This link does not work');
  }
  expect(await isConfirmed(server, person)).toBe(false);
  expect(complaints).toEqual([]);
});

test('who has a used link is told that nothing may be left to do', async () => {
  const server = await start();
  const { link } = await registerAndReadMail(server);
  const { page } = await visit(link);
  await page.getByRole('button').click();
  await seeTitle(page, 'Your address is confirmed');
  await page.goto(link);
  await page.getByRole('button').click();
  await seeTitle(page, 'This link does not work');
  await page.getByText('If you have confirmed your address already').waitFor();
});

test('who has an expired link asks for a new one on the page, which works', async () => {
  const server = await start();
  const { person, link } = await registerAndReadMail(server);
  await server.database.query(
    `UPDATE one_time_tokens SET expires_at = now() - interval '1 second'`,
  );
  const { page, complaints } = await visit(link);
  await page.getByRole('button').click();
  await seeTitle(page, 'This link does not work');
  await tabTo(page, 'E-mail address');
  await page.keyboard.type(` ${person.email.toUpperCase()} `);
  await page.keyboard.press('Enter');
  await seeTitle(page, 'Check your mail');
  expect(await focused(page)).toBe('Check your mail');
  await expect.poll(() => mailsTo(server, person.email)).toHaveLength(2);
  await page.goto(await mailedLink(server, person.email));
  await page.getByRole('button').click();
  await seeTitle(page, 'Your address is confirmed');
  expect(complaints).toEqual([]);
});

test('asking for a new link says the same for an address that nobody has', async () => {
  const server = await start();
  const email = newEmail();
  const { page } = await visit(`${server.url}/confirm`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send me a new link' }).click();
  await seeTitle(page, 'Check your mail');
  await page.getByText(`If ${email} belongs to an account`).waitFor();
  expect(await mailsTo(server, email)).toEqual([]);
});

test('an address that is none is refused at the field, in words that belong to it', async () => {
  const server = await start();
  const { page } = await visit(`${server.url}/confirm`);
  const field = page.getByLabel('E-mail address');
  const incomplete = 'Enter a complete e-mail address, such as name@example.com.';
  for (const [typed, told] of [
    ['', 'Enter your e-mail address.'],
    ['ada', incomplete],
    [`${'a'.repeat(160)}@example.com`, incomplete],
  ] as const) {
    await field.fill(typed);
    await page.getByRole('button', { name: 'Send me a new link' }).click();
    await page.locator('#email[aria-invalid=true]').waitFor();
    expect(await describing(field)).toContain(told);
    expect(await hasFocus(field)).toBe(true);
  }
});

test('who asks too often is told when to try again', async () => {
  const server = await start({ RATE_LIMITS: 'on', RATE_LIMIT_TOKEN_NETWORK: '1/60s' });
  const { link } = await registerAndReadMail(server);
  const { page } = await visit(`${link.slice(0, -4)}AAAA`);
  await page.getByRole('button').click();
  await seeTitle(page, 'This link does not work');
  await page.goto(link);
  const button = page.getByRole('button', { name: 'Confirm my address' });
  await button.click();
  await page
    .getByRole('alert')
    .getByText(/^Too many attempts\. Try again in \d+ seconds\.$/)
    .waitFor();
  expect(await hasFocus(button)).toBe(true);
});

test('without a connection the page says so, and the link is not lost', async () => {
  const server = await start();
  const { person, link } = await registerAndReadMail(server);
  const { page } = await visit(link);
  await page.route('**/graphql', (route) => route.abort());
  await page.getByRole('button', { name: 'Confirm my address' }).click();
  await page.getByRole('alert').getByText('The server cannot be reached.').waitFor();
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Confirm my address' }).click();
  await seeTitle(page, 'Your address is confirmed');
  expect(await isConfirmed(server, person)).toBe(true);
});

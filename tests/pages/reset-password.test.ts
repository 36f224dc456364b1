import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { mailsTo } from '../support/mailbox.ts';
import { loginMutation, newEmail, password, type LoginResult } from '../support/people.ts';
import type { TestServer } from '../support/server.ts';
import {
  describing,
  focused,
  forgetPassword,
  hasFocus,
  mailedLink,
  seeTitle,
  start,
  tabTo,
} from './mailed.ts';

const visit = useBrowser();

const newPassword = 'a stable of seven horses';

async function refusalOfLogin(server: TestServer, email: string, secret: string) {
  const input = { email, password: secret };
  const { data } = await server.client.graphql<LoginResult>(loginMutation, { input });
  return data.login.errors.map(({ code }) => code);
}

test('a person follows the link in the mail and sets a password by keyboard alone', async () => {
  const server = await start();
  const { person, link } = await forgetPassword(server);
  expect(link).toMatch(new RegExp(`^${server.url}/reset-password\\?token=[\\w-]{64}$`));
  const { page, complaints, hosts } = await visit(link);
  await seeTitle(page, 'Choose a new password');
  await page.getByText('For the account p•••@e•••.com').waitFor();
  expect(page.url()).toBe(`${server.url}/reset-password`);
  await tabTo(page, 'New password');
  await page.keyboard.type(newPassword);
  await page.keyboard.press('Enter');
  await seeTitle(page, 'Your password has been changed');
  expect(await focused(page)).toBe('Your password has been changed');

  expect(await refusalOfLogin(server, person.email, newPassword)).toEqual([]);
  expect(await refusalOfLogin(server, person.email, password)).toEqual(['INVALID_CREDENTIALS']);
  const { data } = await person.client.graphql<{ me: null }>('{ me { id } }');
  expect(data.me).toBeNull();
  expect(complaints).toEqual([]);
  expect([...hosts]).toEqual([new URL(server.url).host]);
});

test('a password that is refused is told at the field, and the link stays good', async () => {
  const server = await start();
  const { person, link } = await forgetPassword(server);
  const { page } = await visit(link);
  const field = page.getByLabel('New password', { exact: true });
  await field.waitFor();
  expect(await describing(field)).toBe('At least 8 characters.');
  for (const [typed, told] of [
    ['', 'Enter a new password.'],
    ['sh0rt!', 'Use at least 8 characters.'],
    ['ä'.repeat(40), 'Use at most 72 characters, fewer with accents or emoji among them.'],
    ['password123', 'This password is too well known. Choose another one.'],
    ['Gatehouse1!', 'This password is too well known. Choose another one.'],
    [person.email, 'Do not use your e-mail address or username, nor control characters.'],
    [password, 'This is your password already. Choose another one.'],
  ] as const) {
    await field.fill(typed);
    await page.keyboard.press('Enter');
    await page.getByText(told, { exact: true }).waitFor();
    expect(await describing(field)).toContain(told);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await hasFocus(field)).toBe(true);
  }
  await field.fill(newPassword);
  await page.keyboard.press('Enter');
  await seeTitle(page, 'Your password has been changed');
});

test('the rules for passwords that the operator chose are told before and after', async () => {
  const rules = {
    PASSWORD_MIN_LENGTH: '10',
    PASSWORD_REQUIRE_UPPERCASE: 'true',
    PASSWORD_REQUIRE_DIGIT: 'true',
  };
  const obedient = { password: 'Correct horse battery 1' };
  const { link } = await forgetPassword(await start(rules, obedient), obedient);
  const { page } = await visit(link);
  const field = page.getByLabel('New password', { exact: true });
  await field.waitFor();
  expect(await describing(field)).toBe(
    'At least 10 characters, among them an upper-case letter and a digit.',
  );
  expect(await field.getAttribute('passwordrules')).toBe(
    'minlength: 10; maxlength: 72; required: upper; required: digit',
  );
  await field.fill('sT!');
  await page.keyboard.press('Enter');
  await page.getByText('Use at least 10 characters. Add a digit.', { exact: true }).waitFor();
});

test('password managers find a form they understand', async () => {
  const server = await start();
  const { link } = await forgetPassword(server);
  const { page } = await visit(link);
  const field = page.getByLabel('New password', { exact: true });
  await field.waitFor();
  expect(await field.getAttribute('type')).toBe('password');
  expect(await field.getAttribute('autocomplete')).toBe('new-password');
  expect(await field.getAttribute('passwordrules')).toBe('minlength: 8; maxlength: 72');
  // A masked address in a field would be stored as the username.
  expect(await page.locator('input').count()).toBe(1);
});

test('the password can be looked at, and is hidden again when it is sent', async () => {
  const server = await start();
  const { link } = await forgetPassword(server);
  const { page } = await visit(link);
  const field = page.locator('#password');
  await field.fill('short');
  await page.getByRole('button', { name: 'Show the password' }).click();
  expect(await field.getAttribute('type')).toBe('text');
  await page.getByRole('button', { name: 'Hide the password' }).click();
  expect(await field.getAttribute('type')).toBe('password');
  await page.getByRole('button', { name: 'Show the password' }).click();
  await page.getByRole('button', { name: 'Save the new password' }).click();
  await page.getByText('Use at least 8 characters.').waitFor();
  expect(await field.getAttribute('type')).toBe('password');
  expect(await field.inputValue()).toBe('short');
});

test('a link that is wrong or used is told of at once, and a new one can be had', async () => {
  const server = await start();
  const { person, link } = await forgetPassword(server);
  const { page } = await visit(`${link.slice(0, -4)}AAAA`);
  await seeTitle(page, 'This link does not work');
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill(newPassword);
  await page.getByRole('button', { name: 'Save the new password' }).click();
  await seeTitle(page, 'Your password has been changed');
  await page.goto(link);
  await seeTitle(page, 'This link does not work');

  const before = await mailsTo(server, person.email);
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByRole('button', { name: 'Send me a new link' }).click();
  await seeTitle(page, 'Check your mail');
  await expect
    .poll(async () => (await mailsTo(server, person.email)).length)
    .toBe(before.length + 1);
  await page.goto(await mailedLink(server, person.email));
  await seeTitle(page, 'Choose a new password');
});

test('a link that is used up while the page is open is told of', async () => {
  const server = await start();
  const { link } = await forgetPassword(server);
  const { page } = await visit(link);
  await page.getByLabel('New password', { exact: true }).fill(newPassword);
  await server.database.query('DELETE FROM one_time_tokens');
  await page.getByRole('button', { name: 'Save the new password' }).click();
  await seeTitle(page, 'This link does not work');
});

test('without a link the page says how to go on, the same for every address', async () => {
  const server = await start();
  const email = newEmail();
  const { page, complaints } = await visit(`${server.url}/reset-password`);
  await seeTitle(page, 'Open the link from the mail again');
  await page.getByLabel('E-mail address').fill(email);
  await page.keyboard.press('Enter');
  await seeTitle(page, 'Check your mail');
  await page.getByText(`If ${email} belongs to an account`).waitFor();
  expect(complaints).toEqual([]);
});

test('a server that cannot be reached at first is asked again with the same link', async () => {
  const server = await start();
  const { link } = await forgetPassword(server);
  const { page } = await visit('about:blank');
  await page.route('**/graphql', (route) => route.abort());
  await page.goto(link);
  await seeTitle(page, 'That did not work');
  await page.getByText('The server cannot be reached.').waitFor();
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await seeTitle(page, 'Choose a new password');
});

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { contrasts, layoutShift, unnamed } from './looks.ts';
import { forgetPassword, hasFocus, registerAndReadMail, seeTitle, start } from './mailed.ts';

const visit = useBrowser();

/** Goes through the views of the pages and looks at each. */
async function lookAtAll(page: Page, links: readonly string[], look: () => Promise<void>) {
  for (const link of links) {
    await page.goto(link);
    await page.locator('h1').waitFor();
    expect(await layoutShift(page)).toBe(0);
    await look();
    const submit = page.locator('button[type=submit]');
    if ((await submit.count()) === 0) continue;
    await submit.click(); // done, broken, or refused at the field
    await page.locator('.sign, [aria-invalid=true]').first().waitFor();
    await look();
  }
}

async function linksOf(server: Awaited<ReturnType<typeof start>>): Promise<string[]> {
  const confirmation = await registerAndReadMail(server);
  const reset = await forgetPassword(server);
  const wrong = `?token=${'A'.repeat(64)}`;
  return [
    confirmation.link,
    reset.link,
    `${server.url}/confirm`,
    `${server.url}/confirm${wrong}`,
    `${server.url}/confirm-email${wrong}`,
    `${server.url}/reset-password${wrong}`,
  ];
}

test.each(['light', 'dark'] as const)(
  'every view can be read, seen and heard in %s colours, on a small screen without moving',
  async (colorScheme) => {
    const server = await start();
    const links = await linksOf(server);
    const viewport = { width: 320, height: 568 };
    const { page, complaints } = await visit('about:blank', { colorScheme, viewport });
    await lookAtAll(page, links, async () => {
      const { texts, frames } = await contrasts(page);
      expect(texts.length).toBeGreaterThan(2);
      // WCAG 2.2, 1.4.3 and 1.4.11.
      expect(texts.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
      expect(frames.filter(({ ratio }) => ratio < 3)).toEqual([]);
      expect(await unnamed(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    });
    expect(complaints).toEqual([]);
  },
);

test.each([
  ['de-AT', 'de', 'Neues Passwort wählen', 'Verwenden Sie mindestens 8 Zeichen.'],
  ['fr', 'fr', 'Choisissez un nouveau mot de passe', 'Utilisez au moins 8 caractères.'],
  ['es-MX', 'es', 'Elija una contraseña nueva', 'Use al menos 8 caracteres.'],
  ['nl', 'en', 'Choose a new password', 'Use at least 8 characters.'],
])('a browser that speaks %s gets the pages in %s', async (locale, language, title, refused) => {
  const server = await start();
  const { link } = await forgetPassword(server);
  const { page } = await visit(link, { locale });
  await seeTitle(page, title);
  expect(await page.getAttribute('html', 'lang')).toBe(language);
  expect(await page.title()).toBe(`${title} – Gatehouse`);
  await page.locator('#password').fill('sT!');
  await page.keyboard.press('Enter');
  await page.getByText(refused, { exact: true }).waitFor();
});

test('where the focus is can be seen, and the order of the keys is that of the page', async () => {
  const server = await start();
  const { link } = await forgetPassword(server);
  const { page } = await visit(link);
  await seeTitle(page, 'Choose a new password');
  for (const wanted of ['#password', '.reveal', 'button[type=submit]']) {
    await page.keyboard.press('Tab');
    expect(await hasFocus(page.locator(wanted))).toBe(true);
    const outline = await page.locator(wanted).evaluate((element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return `${outlineStyle} ${outlineWidth}`;
    });
    expect(outline).toBe('solid 2px');
  }
});

test('nothing moves for people who do not want it to', async () => {
  const server = await start();
  const { page } = await visit(`${server.url}/confirm`, { reducedMotion: 'reduce' });
  const durations = await page.evaluate(() =>
    [...document.querySelectorAll('*')].map((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return `${transitionDuration} ${animationName}`;
    }),
  );
  expect(new Set(durations)).toEqual(new Set(['0s none']));
});

test('without scripts the pages say that they need them, in every language', async () => {
  const server = await start();
  const { link } = await registerAndReadMail(server);
  const { page } = await visit(link, { javaScriptEnabled: false });
  for (const [language, text] of [
    ['en', 'This page needs JavaScript.'],
    ['de', 'Diese Seite braucht JavaScript.'],
    ['fr', 'Cette page a besoin de JavaScript.'],
    ['es', 'Esta página necesita JavaScript.'],
  ] as const) {
    expect(await page.locator(`[lang=${language}]`).last().textContent()).toContain(text);
  }
});

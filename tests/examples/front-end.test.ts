import { createServer } from 'vite';
import { expect, onTestFinished, test } from 'vitest';
import sharp from 'sharp';
import { useBrowser } from '../support/browser.ts';
import { newestMail } from '../support/mailbox.ts';
import { newEmail, password, registerPerson } from '../support/people.ts';
import { installExample } from '../support/project.ts';
import { startTestServer } from '../support/server.ts';
import { typedClient } from '../support/typed-client.ts';

const visit = useBrowser();

/** The page on a server of Vite's, as `npm start` in its folder starts it. */
async function serve(gatehouse: string): Promise<string> {
  process.env.GATEHOUSE_URL = gatehouse;
  const vite = await createServer({
    root: await installExample('front-end'),
    logLevel: 'error',
    server: { port: 0, watch: null },
  });
  delete process.env.GATEHOUSE_URL;
  await vite.listen();
  onTestFinished(() => vite.close());
  return vite.resolvedUrls?.local[0] ?? '';
}

test('on the page of the example a person registers, signs in and uploads a picture', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.stop());
  await registerPerson(server); // the Owner, who would need no confirmation
  const { page, complaints } = await visit(await serve(server.url));
  const email = newEmail();
  const file = {
    name: 'ada.png',
    mimeType: 'image/png',
    buffer: await sharp({ create: { width: 300, height: 200, channels: 3, background: 'teal' } })
      .png()
      .toBuffer(),
  };

  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByText('at least 8 characters').waitFor();
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByText('Open the link that was mailed to you.').waitFor();
  await page.getByLabel('A new picture').setInputFiles(file);
  await page.getByText('Confirm your address first').waitFor();

  const { token = '' } = await newestMail(server, email);
  await typedClient(server).confirmEmail({ token });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('You are ').waitFor();
  await page.getByLabel('A new picture').setInputFiles(file);
  await page.getByText('Saved.').waitFor();
  const picture = page.getByAltText('Your picture');
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: 'gatehouse', httpOnly: true });
  expect(complaints).toEqual([]);
}, 120_000); // a browser needs its time on a busy machine

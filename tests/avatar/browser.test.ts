import { expect, onTestFinished, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { photo } from './pictures.ts';
import { startUploadPage } from './upload-page.ts';

const visit = useBrowser();

test('a page elsewhere uploads by picker and by drag, and shows every variant', async () => {
  const application = await startUploadPage();
  const server = await startTestServer({ ALLOWED_ORIGINS: application.origin });
  onTestFinished(() => server.stop());
  const { token } = await registerPerson(server);
  application.signInTo(server.url, token);
  const { page, complaints } = await visit(application.origin, {
    viewport: { width: 1280, height: 900 },
  });
  const status = page.locator('output');
  const shown = () =>
    page.evaluate(() =>
      Promise.all(
        Array.from(document.images, async (picture) => {
          await picture.decode();
          return [picture.alt, picture.naturalWidth, picture.naturalHeight];
        }),
      ),
    );

  const buffer = await photo(1200, 900).jpeg().toBuffer();
  await page.setInputFiles('input', { name: 'me.jpg', mimeType: 'image/jpeg', buffer });
  await expect.poll(() => status.textContent(), { timeout: 20_000 }).toBe('READY');
  expect(await shown()).toEqual([
    ['ORIGINAL', 1200, 900],
    ['LARGE', 800, 800],
    ['MEDIUM', 400, 400],
    ['SMALL', 200, 200],
    ['THUMBNAIL', 100, 100],
  ]);

  const dropped = (await photo(500, 700).png().toBuffer()).toString('base64');
  const drag = await page.evaluateHandle((text) => {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], 'me.png', { type: 'image/png' }));
    return transfer;
  }, dropped);
  await page.dispatchEvent('label', 'drop', { dataTransfer: drag });
  await expect
    .poll(async () => (await shown())[0], { timeout: 20_000 })
    .toEqual(['ORIGINAL', 500, 700]);
  expect((await shown())[1]).toEqual(['LARGE', 500, 500]);

  const html = { name: 'me.png', mimeType: 'image/png', buffer: Buffer.from('<p>no picture') };
  await page.setInputFiles('input', html);
  await expect.poll(() => status.textContent()).toBe('UNSUPPORTED_FILE');
  const large = {
    name: 'me.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.alloc(20e6, '\xff\xd8\xff', 'latin1'),
  };
  await page.setInputFiles('input', large);
  await expect.poll(() => status.textContent(), { timeout: 20_000 }).toBe('FILE_TOO_LARGE');
  expect(complaints).toEqual([]);
}, 90_000);

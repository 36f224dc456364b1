import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { production, startTestServer, type TestServer } from '../support/server.ts';
import { folderWith, kinds, languages } from './templates.ts';

const visit = useBrowser();

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});
async function start(environment: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer(environment);
  running.push(server);
  return server;
}

const path = '/dev/mail-preview';

test('every mail can be seen in every language', async () => {
  const { url } = await start({ APP_NAME: 'Tom & Jerry' });
  const list = await (await fetch(url + path)).text();
  for (const kind of kinds) {
    for (const language of languages) {
      expect(list).toContain(`href="${path}/${kind}/${language}"`);
      const answer = await fetch(`${url}${path}/${kind}/${language}`);
      expect(answer.status).toBe(200);
      const page = await answer.text();
      expect(page).toMatch(/<dt>Subject<\/dt><dd>[^<]*Tom &amp; Jerry[^<]*<\/dd>/);
      expect(page).toMatch(/<pre>[^<]*robin@example\.com[^<]*<\/pre>/);
      const html = await (await fetch(`${url}${path}/${kind}/${language}/html`)).text();
      expect(html).toContain(`<html lang="${language}"`);
    }
  }
});

test('a mail is shown as it looks, and can run nothing', async () => {
  const { url } = await start();
  const { page, complaints, hosts } = await visit(url + path);
  await page.emulateMedia({ colorScheme: null }); // else it is light in every frame
  await page.getByRole('link', { name: 'confirm, German' }).click();
  expect(await page.title()).toContain('Bestätigen Sie Ihre E-Mail-Adresse');
  for (const title of ['Wide and light', 'Narrow and dark']) {
    const frame = page.frameLocator(`iframe[title="${title}"]`);
    const button = frame.getByRole('link', { name: 'Adresse bestätigen' });
    await expect.poll(() => button.isVisible()).toBe(true);
    expect(await button.getAttribute('href')).toContain(`${url}/confirm?token=`);
  }
  const grounds = page
    .frames()
    .map((frame) => frame.evaluate(() => getComputedStyle(document.body).backgroundColor));
  expect(new Set(await Promise.all(grounds)).size).toBe(3);
  expect(complaints).toEqual([]);
  expect([...hosts]).toEqual([new URL(url).host]);
  const { headers } = await fetch(`${url}${path}/confirm/de/html`);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none';.* sandbox$/);
});

test('a change of a template shows at once, and so does what is wrong with it', async () => {
  const folder = await folderWith({});
  const { url } = await start({ MAIL_TEMPLATES: folder });
  const file = join(folder, 'confirm.it.md');
  await writeFile(join(folder, 'footer.it.md'), '{{email}}');
  await writeFile(file, 'Subject: Ciao\n\n[Vai]({{link}})');
  expect(await (await fetch(url + path)).text()).toContain(`href="${path}/confirm/it"`);
  expect(await (await fetch(`${url}${path}/confirm/it`)).text()).toContain('<dd>Ciao</dd>');
  await writeFile(file, 'Subject: Ciao\n\n[Vai]({{link}}) <script>');
  const answer = await fetch(`${url}${path}/confirm/it`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain(`<li>${file} has &quot;&lt;script&gt;&quot;; accepted`);
});

test('what there is not is not found', async () => {
  const { url } = await start();
  for (const name of ['confirm/it', 'confirm/..', 'greeting/en', 'greeting/en/html', 'confirm']) {
    expect((await fetch(`${url}${path}/${name}`)).status, name).toBe(404);
  }
});

test('in production there is no preview', async () => {
  const { url } = await start(production);
  for (const name of ['', '/confirm/en', '/confirm/en/html']) {
    expect((await fetch(`${url}${path}${name}`)).status).toBe(404);
  }
});

import { expect, onTestFinished, test } from 'vitest';
import { production, startTestServer, type TestServer } from '../support/server.ts';

const paths = ['/confirm', '/reset-password', '/confirm-email'];

async function serve(environment: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const server = await startTestServer({ RUN_JOBS: 'false', ...environment });
  onTestFinished(() => server.stop());
  return server;
}

test('the pages are served in production too, under a policy that leaves nothing open', async () => {
  const server = await serve(production);
  for (const path of paths) {
    const response = await fetch(`${server.url}${path}?token=tell-nobody`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    // The token is in the address of the page.
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).not.toContain('tell-nobody');
  }
  expect(server.logged.join('')).not.toContain('tell-nobody');
});

test('a page is the same for every token, and takes nothing that is posted', async () => {
  const server = await serve();
  for (const path of paths) {
    const [one, other] = await Promise.all([
      fetch(`${server.url}${path}`),
      fetch(`${server.url}${path}?token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E`),
    ]);
    expect(await one.text()).toBe(await other.text());
    const posted = await fetch(`${server.url}${path}`, { method: 'POST' });
    expect(posted.status).toBe(404);
  }
});

test('what the pages load has names of its own and is kept for ever, the page itself is not', async () => {
  const server = await serve();
  const page = await (await fetch(`${server.url}/confirm`)).text();
  const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file);
  expect(files).toHaveLength(3);
  for (const file of files) {
    expect(file).toMatch(/^pages\/[\w.]+-[A-Z0-9]{8}\.(js|css|svg)$/);
    const response = await fetch(`${server.url}/${file ?? ''}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toContain('immutable');
  }
  expect(page).not.toMatch(/<script(?![^>]* src=)|<style|style=|\son\w+=/);
  expect((await fetch(`${server.url}/pages/index.html`)).status).toBe(404);
});

test('the name of the application stands on the pages as text, whatever is in it', async () => {
  const server = await serve({ APP_NAME: `Räder & "Söhne" <b>$&` });
  const page = await (await fetch(`${server.url}/confirm`)).text();
  expect(page).toContain('<title>Räder &amp; &quot;Söhne&quot; &lt;b&gt;$&amp;</title>');
  expect(page).not.toContain('{{');
});

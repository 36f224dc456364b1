import { join } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, onTestFinished } from 'vitest';
import { madeOnce } from './made-once.ts';

/** A page of a browser of its own, and everything about it that a visitor should never meet. */
interface Visit {
  readonly page: Page;
  /** Errors of the console, of scripts and of the content security policy. */
  readonly complaints: readonly string[];
  /** The hosts that were asked for anything. */
  readonly hosts: ReadonlySet<string>;
}

// Of those that go with the package: without web security a browser sends no Origin, and in a single
// process its contexts would share their cookies.
const unlikeVisitors = new Set([
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--single-process',
]);

/**
 * The package unpacks into the folder for temporary files, under a name that users of the machine
 * would share, and takes whatever lies there. So it gets a folder of its own, gone with the run; once
 * for all, since unpacking takes longer than starting it several times.
 */
async function unpack(folder: string): Promise<void> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  try {
    await sparticuz.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}

sparticuz.setGraphicsMode = false; // nothing here is drawn in three dimensions

/** The one that npm brings on Linux; elsewhere the Chrome that is installed. */
async function launch(): Promise<Browser> {
  if (process.platform !== 'linux') return chromium.launch({ channel: 'chrome' });
  return chromium.launch({
    executablePath: join(await madeOnce('chromium', unpack), 'chromium'),
    args: [...sparticuz.args.filter((one) => !unlikeVisitors.has(one)), '--no-sandbox'],
    headless: true,
  });
}

type Visiting = (url: string, options?: BrowserContextOptions) => Promise<Visit>;

/** One browser for the tests of a file, started by the first visit. Each visitor is somebody else. */
export function useBrowser(): Visiting {
  let browser: Promise<Browser> | undefined;
  afterAll(async () => (await browser)?.close());
  return async (url, options = {}) => {
    const context = await (await (browser ??= launch())).newContext(options);
    onTestFinished(() => context.close());
    return visit(await context.newPage(), url);
  };
}

/** Opens a page and writes down what it does. */
async function visit(page: Page, url: string): Promise<Visit> {
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol)) hosts.add(host);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (violation) => {
      console.error(`policy: ${violation.violatedDirective} ${violation.blockedURI}`);
    });
  });
  await page.goto(url);
  return { page, complaints, hosts };
}

/** Fills in the form for signing in. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  const form = page.getByTestId('sign-in');
  await form.getByLabel('E-mail or username').fill(email);
  await form.getByLabel('Password').fill(password);
  await form.getByRole('button', { name: 'Sign in' }).click();
}

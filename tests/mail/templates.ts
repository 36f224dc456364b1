import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import type { RenderedMail, RenderMail } from '../../src/context.ts';
import { loadMailTemplates } from '../../src/features/mail-template/mail-template.files.ts';
import { createRenderMail } from '../../src/features/mail-template/mail-template.service.ts';

export const appUrl = 'https://id.example.com';

export const token = 'Aa0-_'.repeat(12) + 'Zz09';

/** What the kinds of mail are given, all of it at once. */
export const values = {
  token,
  email: 'robin@example.com',
  newEmail: 'robin.doe@example.org',
  device: 'Firefox on Linux',
  ipAddress: '203.0.113.7',
  time: '2026-03-09T14:05:33.123Z',
};

export const kinds = [
  'confirm',
  'reset-password',
  'change-email',
  'password-changed',
  'email-changed',
  'account-exists',
  'new-device',
] as const;

export const languages = ['en', 'de', 'fr', 'es'] as const;

/** Writes mails as a server with this environment would. */
export function renderer(environment: Readonly<Record<string, string>> = {}): RenderMail {
  return createRenderMail(readConfig({ ...environment }), () => appUrl);
}

/** A folder with these files, gone after the test. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-templates-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** What is wrong with the templates of a folder; each fault begins with the path of its file. */
export function faultsIn(folder: string): readonly string[] {
  try {
    loadMailTemplates(folder);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
};

const unescapeHtml = (html: string) =>
  html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '');

/** What the body of a mail shows: without tags, with single spaces, without the hidden preview. */
export function shownText({ html }: RenderedMail): string {
  const body = html
    .slice(html.indexOf('<body'))
    .replace(/<div style="display: none[\s\S]*?<\/div>/, '');
  return unescapeHtml(body.replace(/<[^>]+>/g, ' '))
    .replace(/\s+/g, ' ')
    .replace(/ ([.,])/g, '$1')
    .trim();
}

/** Every address that the HTML links to, in order. */
export function hrefs({ html }: RenderedMail): string[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => unescapeHtml(href));
}

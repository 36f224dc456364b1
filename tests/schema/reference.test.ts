import { readdir, readFile } from 'node:fs/promises';
import { buildSchema } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { renderReference } from '../../schema/reference.ts';

const folder = new URL('../../docs/reference/', import.meta.url);
const pages = new Map<string, string>();

beforeAll(async () => {
  for (const name of await readdir(folder)) {
    pages.set(name, await readFile(new URL(name, folder), 'utf8'));
  }
});

describe('docs/reference', () => {
  test('is what the schema says; npm run schema writes it', async () => {
    const sdl = await readFile(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
    expect(pages).toEqual(new Map(renderReference(buildSchema(sdl))));
  });

  test('leads every link to a heading that is there', () => {
    const links = [...pages].flatMap(([page, text]) =>
      [...text.matchAll(/\]\((\w+\.md)?#(\w+)\)/g)].map(([, to = page, heading]) => ({
        to,
        heading,
      })),
    );
    expect(links.length).toBeGreaterThan(250);
    for (const { to, heading } of links) {
      const headings = [...(pages.get(to) ?? '').matchAll(/^## (\w+)$/gm)];
      expect(
        headings.map(([, name]) => name?.toLowerCase()),
        to,
      ).toContain(heading);
    }
  });

  test('says who may use an operation, with which key, and what limits it', () => {
    const section = (page: string, name: string) =>
      pages.get(page)?.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
    expect(section('queries.md', 'users')).toContain('For Admins, and API keys with `USERS_READ`.');
    expect(section('queries.md', 'introspect')).toContain('For API keys, with `TOKENS_READ`.');
    expect(section('mutations.md', 'register')).toMatch(
      /For everyone, signed in or not, limited by `\w+`/,
    );
    expect(section('mutations.md', 'logout')).toContain('also before the address is confirmed');
    expect(section('objects.md', 'User')).toMatch(/- `email`: .* Private: for the user/);
  });
});

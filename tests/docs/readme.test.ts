import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSchema } from '../../src/schema.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { blocks } from './documents.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Sends what a curl command of a document sends; curl itself is not on every machine. */
async function send(command: string, token = ''): Promise<unknown> {
  const [, body = ''] = /-d '([^']*)'/.exec(command) ?? [];
  const headers = [...command.matchAll(/-H ['"]([^:]+): ([^'"]+)['"]/g)].map(([, name, value]) => [
    name ?? '',
    (value ?? '').replace('$TOKEN', token),
  ]);
  const [, path = ''] = /localhost:4000(\S+)/.exec(command) ?? [];
  const request = {
    method: 'POST',
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
  const response = await fetch(`${server.url}${path}`, request);
  return response.json();
}

test('the README’s first queries register the Owner and say who that is', async () => {
  const [first, second] = (await blocks('README.md', 'sh')).filter((block) =>
    block.startsWith('curl'),
  );
  const registered = (await send(first ?? '')) as {
    data: { register: { token: string; user: { roleNames: string[] }; errors: unknown[] } };
  };
  expect(registered.data.register).toMatchObject({ user: { roleNames: ['Owner'] }, errors: [] });
  expect(await send(second ?? '', registered.data.register.token)).toMatchObject({
    data: { me: { email: 'ada@example.com', displayName: 'ada', roleNames: ['Owner'] } },
  });
});

test('the first screen of the README has the two commands', async () => {
  const firstScreen = (await readFile('README.md', 'utf8')).split('\n').slice(0, 20).join('\n');
  expect(firstScreen).toContain('npm ci && npm start');
  expect(firstScreen).toContain('npm ci && npm test');
});

test('what the README starts has been built before, in a fresh checkout too', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['start', 'worker', 'dev', 'gatehouse']) {
    expect(scripts[`pre${name}`]).toContain('npm run --silent build');
  }
});

const documents = [
  'README.md',
  ...readdirSync('docs', { encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

test('every GraphQL document in the documentation is valid', async () => {
  const schema = createSchema();
  const found = (await Promise.all(documents.map((file) => blocks(file, 'graphql')))).flat();
  expect(found.length).toBeGreaterThan(15);
  for (const block of found) expect([block, validate(schema, parse(block))]).toEqual([block, []]);
});

test('every file that a document links to is there', async () => {
  const links = await Promise.all(
    documents.map(async (file) => {
      const folder = file.includes('/') ? 'docs/' : '';
      const found = (await readFile(file, 'utf8')).matchAll(/\]\((?!https?:|\{\{)([^)#]+)\)/g);
      return [...found].map(([, link = '']) => `${folder}${link}`);
    }),
  );
  expect(links.flat().length).toBeGreaterThan(30);
  expect(links.flat().filter((link) => !existsSync(link))).toEqual([]);
});

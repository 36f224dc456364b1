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

test.each(['README.md', 'docs/administration.md'])(
  'every GraphQL document in %s is valid',
  async (file) => {
    const schema = createSchema();
    for (const block of await blocks(file, 'graphql')) {
      expect(validate(schema, parse(block))).toEqual([]);
    }
  },
);

const documents = [
  'README.md',
  ...[
    'administration',
    'front-end',
    'command-line',
    'decisions',
    'operations',
    'scaling',
    'server-to-server',
    'verifying-tokens',
  ].map((name) => `docs/${name}.md`),
];

test('every file that a document links to is there', async () => {
  for (const file of documents) {
    const text = await readFile(file, 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) => link ?? '');
    const folder = file.includes('/') ? 'docs/' : '';
    for (const link of links) await expect(readable(`${folder}${link}`)).resolves.toBe(true);
  }
});

async function readable(path: string): Promise<boolean> {
  const file = path.endsWith('/') ? `${path}README.md` : path;
  return (await readFile(file, 'utf8')).length > 0;
}

import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { blocks } from './documents.ts';

// curl is not on every machine; the shell meets this in its place.
const standIn = `#!/usr/bin/env node
const headers = {};
let body, url;
for (let rest = process.argv.slice(2); rest.length > 0; ) {
  const argument = rest.shift();
  if (argument === '-d') body = rest.shift();
  else if (argument === '-H') {
    const [name, value] = rest.shift().split(/: (.*)/s);
    headers[name] = value;
  } else if (argument !== '-s') url = argument;
}
const response = await fetch('http://' + url, { method: body ? 'POST' : 'GET', headers, body });
process.stdout.write(await response.text());
`;

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-curl-'));
  await writeFile(join(folder, 'curl.mjs'), standIn, { mode: 0o755 });
  await symlink(join(folder, 'curl.mjs'), join(folder, 'curl'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Runs a block as people would paste it, and answers the one field it asks for. */
async function run<Answer>(block: string, variables: Record<string, string>): Promise<Answer> {
  const command = block.replaceAll('localhost:4000', server.url.replace('http://', ''));
  const PATH = `${folder}:${process.env.PATH ?? ''}`;
  const options = { env: { ...variables, PATH } };
  const { stdout } = await promisify(execFile)('sh', ['-c', command], options);
  const { data, errors } = JSON.parse(stdout) as { data: Record<string, Answer>; errors?: unknown };
  expect(errors).toBeUndefined();
  return Object.values(data)[0] as Answer;
}

test('what the page tells servers to run works, from the key to the end of a session', async () => {
  const owner = await registerPerson(server);
  const commands = (await blocks('docs/server-to-server.md', 'sh')).filter((block) =>
    block.startsWith('curl'),
  );
  expect(commands).toHaveLength(5);
  const [makeKey = '', makeUser = '', open = '', ask = '', end = ''] = commands;

  const made = await run<{ secret: string; errors: unknown }>(makeKey, {
    OWNER_TOKEN: owner.token,
  });
  expect(made).toMatchObject({ secret: expect.stringMatching(/^gh_k_/) as string, errors: [] });
  const variables = { GATEHOUSE_KEY: made.secret };
  const { user } = await run<{ user: { id: string; email: string } }>(makeUser, variables);
  expect(user.email).toBe('grace@example.com');

  const { token } = await run<{ token: string }>(open, { ...variables, USER_ID: user.id });
  const introspection = { active: true, user: { id: user.id, email: user.email } };
  expect(await run(ask, { ...variables, TOKEN: token })).toMatchObject(introspection);
  expect(await run(end, { ...variables, USER_ID: user.id })).toEqual({ count: 1, errors: [] });
  expect(await run(ask, { ...variables, TOKEN: token })).toEqual({
    active: false,
    expiresAt: null,
    user: null,
    roles: null,
  });
});

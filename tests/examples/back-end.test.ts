import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { installExample } from '../support/project.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { typedClient } from '../support/typed-client.ts';

let server: TestServer;
let stop: () => Promise<unknown>;
let url: string;
let tokens: { readonly session: string; readonly access: string };
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  const owner = await registerPerson(server);
  const client = typedClient(server, owner);
  const { secret } = await client.createApiKey({ name: 'Example', scopes: ['TOKENS_READ'] });
  const { accessToken } = await client.createAccessToken();
  tokens = { session: owner.token, access: accessToken ?? '' };

  const env = { GATEHOUSE_URL: server.url, GATEHOUSE_KEY: secret ?? '', PORT: '0' };
  const child = spawn(process.execPath, ['server.js'], {
    cwd: await installExample('back-end'),
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  stop = () => {
    child.kill();
    return once(child, 'exit');
  };
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  url = line.replace('Listening on ', '');
});
afterAll(async () => {
  await stop();
  await server.stop();
});

/** What a route answers who shows this token. */
async function ask(route: string, token: string) {
  const response = await fetch(`${url}/${route}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

test('the routes of the example are for users, and refuse tokens that are not good', async () => {
  expect(await ask('offline', tokens.access)).toMatchObject({
    status: 200,
    body: { user: { roles: ['Owner'] } },
  });
  expect(await ask('online', tokens.session)).toMatchObject({
    status: 200,
    body: { user: { email: expect.any(String) as string, roles: ['Owner'] } },
  });
  const [header, claims] = tokens.access.split('.');
  for (const bad of ['', 'nonsense', tokens.session, `${header}.${claims}.AAAA`]) {
    expect((await ask('offline', bad)).status).toBe(401);
  }
  expect((await ask('online', `gh_s_${'A'.repeat(64)}`)).status).toBe(401);
});

test('a session that has ended is refused online at once, offline when its token has', async () => {
  await typedClient(server, { token: tokens.session }).logout();
  expect((await ask('online', tokens.session)).status).toBe(401);
  expect((await ask('offline', tokens.access)).status).toBe(200);
});

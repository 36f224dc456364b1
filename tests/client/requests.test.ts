import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import {
  createClient,
  GatehouseError,
  isRefused,
  tokenInMemory,
  type Operation,
} from '../../client/src/index.ts';
import { newEmail, password, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { typedClient } from '../support/typed-client.ts';

let server: TestServer;
let owner: Person;
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  owner = await registerPerson(server);
});
afterAll(() => server.stop());

const credentials = () => ({ input: { email: owner.email, password } });

/** A server that is not ours, and answers every request alike. */
async function answering(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ readonly endpoint: string; readonly requests: () => number }> {
  let requests = 0;
  const stranger = createServer((request, response) => {
    requests += 1;
    request.resume();
    response.writeHead(status, headers).end(body);
  }).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  onTestFinished(() => {
    stranger.closeAllConnections();
    stranger.close();
  });
  const { port } = stranger.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}/graphql`, requests: () => requests };
}

test('a connection that breaks within an answer is one that did not come', async () => {
  const { endpoint } = await answering(200, '{"data":', {
    'content-length': '1000',
    connection: 'close',
  });
  const request = createClient({ endpoint }).me();
  await expect(request).rejects.toBeInstanceOf(GatehouseError);
  await expect(request).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

test('what was refused comes as a result, with a first error', async () => {
  const result = await typedClient(server).login({
    input: { email: owner.email, password: 'of somebody else' },
  });
  expect(isRefused(result) && result.errors[0].code).toBe('INVALID_CREDENTIALS');
  expect(isRefused(await typedClient(server).login(credentials()))).toBe(false);
});

test('what the input cannot mend is thrown, with its code', async () => {
  const sessions = typedClient(server).mySessions();
  await expect(sessions).rejects.toBeInstanceOf(GatehouseError);
  await expect(sessions).rejects.toMatchObject({ code: 'UNAUTHENTICATED', status: 200 });
  const misspelt = typedClient(server).request('{ mee { id } }');
  await expect(misspelt).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED', status: 400 });
});

test('a fault of the server is thrown with the id that its log has', async () => {
  const renamed = 'ALTER TABLE sessions RENAME TO lost';
  await server.database.query(renamed);
  const failed = typedClient(server).login(credentials());
  await failed.catch(() => undefined);
  await server.database.query('ALTER TABLE lost RENAME TO sessions');
  const failure = (await failed.catch((thrown: unknown) => thrown)) as GatehouseError;
  expect(failure.code).toBe('INTERNAL_SERVER_ERROR');
  expect(failure.requestId).toBeTruthy();
  expect(server.logged.join('')).toContain(failure.requestId);
});

test('a server that is not there, and one that is none of ours, are told apart', async () => {
  const gone = createClient({ endpoint: 'http://127.0.0.1:9/graphql' });
  await expect(gone.me()).rejects.toMatchObject({ code: 'UNREACHABLE', status: undefined });
  const page = await answering(200, '<html>');
  const { me } = createClient(page);
  await expect(me()).rejects.toMatchObject({ code: 'NO_ANSWER', status: 200 });
  const busy = createClient(await answering(503, 'null'));
  await expect(busy.me()).rejects.toMatchObject({ code: 'SERVER_BUSY', status: 503 });
});

test('the token is kept from signing in until signing out', async () => {
  const tokenStorage = tokenInMemory();
  const client = typedClient(server, { tokenStorage });
  const { token } = await client.register({ input: { email: newEmail(), password, signIn: true } });
  expect(tokenStorage.get()).toBe(token);
  await client.register({ input: { email: newEmail(), password } });
  expect(tokenStorage.get()).toBe(token);
  await client.logout();
  expect(tokenStorage.get()).toBeNull();

  const first = await client.login(credentials());
  expect(tokenStorage.get()).toBe(first.token);
  await client.logoutEverywhere({ exceptCurrent: true });
  expect(await client.me()).toMatchObject({ id: owner.id });
  const changed = await client.changePassword({
    input: { currentPassword: password, password: 'another battery' },
  });
  expect(tokenStorage.get()).toBe(changed.token);
  await client.changePassword({ input: { currentPassword: 'another battery', password } });
  await client.logoutEverywhere();
  expect(tokenStorage.get()).toBeNull();
});

test('a token that has ended is forgotten when it is refused', async () => {
  const tokenStorage = tokenInMemory();
  const client = typedClient(server, { tokenStorage });
  const { token } = await client.login(credentials());
  await typedClient(server, { token: token ?? '' }).logout();
  await expect(client.mySessions()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(tokenStorage.get()).toBeNull();
});

test('a server that opens a session for somebody goes on with its own key', async () => {
  const asOwner = typedClient(server, {
    token: (await typedClient(server).login(credentials())).token ?? '',
  });
  const scopes = ['SESSIONS_WRITE' as const, 'TOKENS_READ' as const];
  const { secret } = await asOwner.createApiKey({ name: 'Shop', scopes });
  const tokenStorage = tokenInMemory();
  await tokenStorage.set(secret ?? '');
  const shop = typedClient(server, { tokenStorage });
  const { token } = await shop.createSession({ userId: owner.id });
  expect(await shop.introspect({ token: token ?? '' })).toMatchObject({ active: true });
  expect(tokenStorage.get()).toBe(secret);
});

test('a picture is uploaded from a variable', async () => {
  const { token } = await typedClient(server).login(credentials());
  const client = typedClient(server, { token: token ?? '' });
  const pixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const { errors, user } = await client.updateAvatar({ file: new Blob([pixel]) });
  expect(errors).toEqual([]);
  expect(user?.avatar?.url).toContain('/files/');
  const refused = await client.updateAvatar({ file: new File(['no picture'], 'picture.png') });
  expect(refused.errors).toMatchObject([{ code: 'UNSUPPORTED_FILE' }]);
});

test('an operation of one’s own has the types that are given to it', async () => {
  const { token } = await typedClient(server).login(credentials());
  const roles = '{ me { roleNames } }' as Operation<
    { me: { roleNames: string[] } | null },
    Record<string, never>
  >;
  const { me } = await typedClient(server, { token: token ?? '' }).request(roles);
  expect(me?.roleNames).toEqual(['Owner']);
});

const limited = (retryAfter: number) =>
  JSON.stringify({
    errors: [
      { message: 'Too often.', extensions: { code: 'RATE_LIMITED', limit: 'LOGIN', retryAfter } },
    ],
  });

test('a limit is told with its name and the seconds left, and tried again only when asked', async () => {
  const { endpoint, requests } = await answering(200, limited(3));
  const failure = createClient({ endpoint }).login(credentials());
  await expect(failure).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    limit: 'LOGIN',
    retryAfter: 3,
  });
  expect(requests()).toBe(1);
});

test('the retries and the wait have bounds', async () => {
  const soon = await answering(200, limited(0));
  const client = createClient({ endpoint: soon.endpoint, retry: { tries: 3, maxWait: 1 } });
  await expect(client.me()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(soon.requests()).toBe(3);

  const late = await answering(429, '', { 'retry-after': '2' });
  const hasty = createClient({ endpoint: late.endpoint, retry: { tries: 3, maxWait: 1 } });
  await expect(hasty.me()).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 2 });
  expect(late.requests()).toBe(1);
});

test('what the server limits is done when its time has come', async () => {
  const strict = await startTestServer(
    { RUN_JOBS: 'false', RATE_LIMITS: 'on', RATE_LIMIT_VALIDATE_NETWORK: '1/1s' },
    server.database,
  );
  onTestFinished(() => strict.stop());
  const client = typedClient(strict, { retry: { tries: 10, maxWait: 10 } });
  const ask = () => client.validateRegistration({ input: { email: newEmail(), password } });
  expect(await Promise.all([ask(), ask()])).toMatchObject([{ valid: true }, { valid: true }]);
});

test('a signal ends the request, and the wait for the next', async () => {
  const aborted = typedClient(server).me({}, { signal: AbortSignal.abort(new Error('enough')) });
  await expect(aborted).rejects.toThrow('enough');

  const { endpoint, requests } = await answering(200, limited(3600));
  const controller = new AbortController();
  const retry = { tries: 2, maxWait: 3600 };
  const waiting = createClient({ endpoint }).me({}, { retry, signal: controller.signal });
  await vi.waitUntil(() => requests() === 1);
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

import { afterEach, describe, expect, test } from 'vitest';
import { loginMutation, password, registerPerson } from '../support/people.ts';
import { production, startTestServer, type TestServer } from '../support/server.ts';

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});
async function start(environment: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer(environment);
  running.push(server);
  return server;
}

const application = 'https://app.example.com';

describe('security headers', () => {
  test('say that answers are not to be stored, but the files of the playground are', async () => {
    const server = await start();
    const answer = await fetch(`${server.url}/graphql?query={__typename}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const page = await (await fetch(server.url)).text();
    const [asset = ''] = /\/playground\/[^"]+\.js/.exec(page) ?? [];
    const file = await fetch(server.url + asset);
    expect(file.status).toBe(200);
    expect(file.headers.get('cache-control')).toContain('immutable');
  });

  test('are on every answer, whatever it is', async () => {
    const server = await start();
    const paths = ['/', '/healthz', '/readyz', '/metrics', '/nothing', '/graphql'];
    for (const path of paths) {
      const { headers } = await fetch(server.url + path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
    }
  });

  test('keep browsers on TLS in production, and do not in development', async () => {
    const hsts = async (server: TestServer) =>
      (await fetch(`${server.url}/healthz`)).headers.get('strict-transport-security');
    expect(await hsts(await start(production))).toMatch(/^max-age=\d{7,}/);
    expect(await hsts(await start())).toBeNull();
  });
});

describe('pages of other origins', () => {
  const preflight = (server: TestServer, origin: string) =>
    fetch(`${server.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,authorization',
      },
    });
  const request = (server: TestServer, origin: string) =>
    server.client.with({ origin }).graphql('{ __typename }');

  test('are told nothing unless ALLOWED_ORIGINS names them', async () => {
    for (const environment of [{}, { ALLOWED_ORIGINS: application }]) {
      const server = await start(environment);
      for (const origin of ['https://evil.example', 'null', `${application}.evil.example`]) {
        for (const { headers } of [
          await preflight(server, origin),
          await request(server, origin),
        ]) {
          expect(headers.get('access-control-allow-origin')).not.toBe(origin);
          expect(headers.get('access-control-allow-origin')).not.toBe('*');
        }
      }
    }
  });

  test('may send requests with the cookie, and read Retry-After, when it names them', async () => {
    const other = 'http://localhost:3000';
    const server = await start({ ALLOWED_ORIGINS: `${application}, ${other}` });
    for (const origin of [application, other]) {
      const allowed = await preflight(server, origin);
      expect(allowed.status).toBe(204);
      expect(allowed.headers.get('access-control-allow-methods')).toContain('POST');
      expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
      const answer = await request(server, origin);
      for (const { headers } of [allowed, answer]) {
        expect(headers.get('access-control-allow-origin')).toBe(origin);
        expect(headers.get('access-control-allow-credentials')).toBe('true');
        expect(headers.get('vary')).toMatch(/origin/i);
      }
      expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
    }
  });

  test('cannot change anything with the cookie that the browser sends along', async () => {
    const server = await start({ ALLOWED_ORIGINS: application });
    const { email } = await registerPerson(server);
    const input = { email, password, delivery: 'COOKIE' };
    const signedIn = await server.client.graphql(loginMutation, { input });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const logout = (headers: Record<string, string>) =>
      server.client.with({ cookie, ...headers }).graphql('mutation { logout { errors { code } } }');
    for (const headers of [{}, { origin: 'https://evil.example' }, { origin: 'null' }]) {
      expect(await logout(headers)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
    expect((await logout({ origin: application })).errors).toEqual([]);
  });
});

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forge, signingKeyOf, tokenFor } from '../access-token/access-tokens.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { blocks } from './documents.ts';

let server: TestServer;
let owner: Person;
let token: string;
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  owner = await registerPerson(server);
  token = await tokenFor(owner.client);
});
afterAll(() => server.stop());

const isPresent = (command: string) => spawnSync(command, ['version']).error === undefined;

const languages = [
  { language: 'js', command: process.execPath, options: ['--input-type=module', '-e'] },
  { language: 'python', command: 'python3', options: ['-c'] },
].filter(({ command }) => isPresent(command) && isPresent('openssl'));

describe.each(languages)('the snippet in $language', ({ language, command, options }) => {
  async function verify(TOKEN: string): Promise<string> {
    const [snippet = ''] = await blocks('docs/verifying-tokens.md', language);
    const env = { ...process.env, TOKEN, ISSUER: server.url };
    return (await promisify(execFile)(command, [...options, snippet], { env })).stdout;
  }

  test('tells whose token it is', async () => {
    const told = await verify(token);
    expect(told).toContain(owner.id);
    expect(told).toContain('Owner');
  });

  test('fails for tokens that are not good', async () => {
    const { privateJwk } = await signingKeyOf(server);
    const [header, claims, signature = ''] = token.split('.');
    const other = Buffer.from(signature, 'base64url').reverse().toString('base64url');
    for (const bad of [
      [header, claims, other].join('.'),
      await forge(token, privateJwk, { exp: Math.floor(Date.now() / 1000) - 10 }),
      await forge(token, privateJwk, { iss: 'https://example.org' }),
      await forge(token, privateJwk, { aud: 'https://example.org' }),
      await forge(token, new Uint8Array(32), {}, { alg: 'HS256' }),
    ]) {
      await expect(verify(bad)).rejects.toThrow();
    }
  });
});

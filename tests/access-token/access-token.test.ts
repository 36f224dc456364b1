import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  type JSONWebKeySet,
} from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import { currentSession, logout, mySessions, whoIs } from '../session/sessions.ts';
import { missingId } from '../role/role-operations.ts';
import { registerPerson, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import {
  createToken,
  forge,
  issuer,
  signingKeyOf,
  startIssuer,
  tokenFor,
  type SigningKey,
} from './access-tokens.ts';

let server: TestServer;
let other: TestServer;
let person: Person;
let token: string;
let key: SigningKey;
beforeAll(async () => {
  const environment = { RUN_JOBS: 'false', TRUST_PROXY: '1' };
  server = await startIssuer(environment);
  other = await startIssuer(environment, server);
  await registerPerson(server);
  person = await registerPerson(server);
  token = await tokenFor(person.client);
  key = await signingKeyOf(server);
});
afterAll(async () => {
  await other.stop();
  await server.stop();
});

const bearer = (text: string, at = server) => whoIs(at.client.withToken(text));
const seconds = () => Math.floor(Date.now() / 1000);

async function jwks(at = server): Promise<JSONWebKeySet> {
  return (await fetch(`${at.url}/.well-known/jwks.json`)).json() as Promise<JSONWebKeySet>;
}

describe('createAccessToken', () => {
  test('makes a token that verifies against the published keys, of every instance', async () => {
    const { data } = await createToken(person.client);
    const made = data.createAccessToken;
    const session = await currentSession(person.client);
    for (const keys of [await jwks(), await jwks(other)]) {
      expect(JSON.stringify(keys)).not.toContain('"d"');
      const { payload } = await jwtVerify(made?.accessToken ?? '', createLocalJWKSet(keys), {
        algorithms: ['ES256'],
        typ: 'at+jwt',
        issuer,
        audience: issuer,
      });
      const { iat = 0, exp = 0 } = payload;
      expect(payload).toMatchObject({ sub: person.id, sid: session.id, roles: ['User'] });
      expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
      expect(exp - iat).toBe(600);
      expect(Date.parse(made?.expiresAt ?? '')).toBe(exp * 1000);
    }
  });

  test('makes none that outlives the session', async () => {
    const brief = await registerPerson(server);
    await server.database.query(
      "UPDATE sessions SET expires_at = now() + interval '1 minute' WHERE user_id = $1",
      [brief.id],
    );
    const { iat = 0, exp = 0 } = decodeJwt(await tokenFor(brief.client));
    expect(exp - iat).toBeLessThanOrEqual(60);
  });

  test('is for oneself only, and not before the address is confirmed', async () => {
    expect(decodeJwt(await tokenFor(person.client, person.id)).sub).toBe(person.id);
    for (const id of [missingId, 'x']) {
      const { data } = await createToken(person.client, id);
      const errors = [{ code: 'INSUFFICIENT_PERMISSIONS', field: 'userId' }];
      expect(data.createAccessToken).toMatchObject({ accessToken: null, errors });
    }
    const unconfirmed = await registerUnconfirmed(server);
    expect((await createToken(unconfirmed.client)).code).toBe('EMAIL_NOT_CONFIRMED');
    expect((await createToken(server.client)).code).toBe('UNAUTHENTICATED');
  });

  test('gives a key one for whomever it names, on a session as long as the token', async () => {
    const { client } = await makeKey(server, 'SESSIONS_WRITE');
    const somebody = await registerPerson(server);
    const made = await tokenFor(client, somebody.id);
    expect(await bearer(made)).toBe(somebody.id);
    const { sid, exp = 0 } = decodeJwt(made);
    const opened = (await mySessions(somebody.client)).find(({ id }) => id === sid);
    expect(Math.abs(Date.parse(opened?.expiresAt ?? '') - exp * 1000)).toBeLessThan(2000);
    await server.database.query('DELETE FROM sessions WHERE id = $1', [sid]);
    expect(await bearer(made)).toBeUndefined();
  });

  test('refuses keys that name nobody, or someone inactive', async () => {
    const { client } = await makeKey(server, 'SESSIONS_WRITE');
    const gone = await registerPerson(server);
    await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [gone.id]);
    for (const [id, code] of [
      [undefined, 'REQUIRED'],
      [missingId, 'NOT_FOUND'],
      ['x', 'NOT_FOUND'],
      [gone.id, 'ACCOUNT_INACTIVE'],
    ]) {
      const { data } = await createToken(client, id);
      expect(data.createAccessToken?.errors).toMatchObject([{ code, field: 'userId' }]);
    }
  });

  test('gives none for an access token', async () => {
    expect((await createToken(server.client.withToken(token))).code).toBe('FORBIDDEN');
  });
});

describe('Gatehouse takes an access token', () => {
  test('for its user, on every instance, with one statement', async () => {
    for (const at of [server, other]) expect(await bearer(token, at)).toBe(person.id);
    expect(await statementsOf(() => bearer(token))).toHaveLength(1);
  });

  test('while its session lives, and not a request longer, on no instance', async () => {
    const brief = await registerPerson(server);
    const made = await tokenFor(brief.client);
    expect(await bearer(made, other)).toBe(brief.id);
    await logout(brief.client);
    for (const at of [server, other]) expect(await bearer(made, at)).toBeUndefined();
  });

  test('while its user is active', async () => {
    const brief = await registerPerson(server);
    const made = await tokenFor(brief.client);
    await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [brief.id]);
    expect(await bearer(made, other)).toBeUndefined();
  });

  test('in the header and in no cookie', async () => {
    const page = server.client.with({ cookie: `gatehouse=${token}`, origin: server.url });
    expect(await whoIs(page)).toBeUndefined();
  });

  test('and otherwise compares the device as for the session', async () => {
    const strict = await startTestServer({ SESSION_FINGERPRINT: 'strict', TRUST_PROXY: '1' });
    const somebody = await registerPerson(strict);
    const made = await tokenFor(somebody.client);
    const thief = { 'x-forwarded-for': '203.0.113.9', 'user-agent': 'Thief/1.0' };
    const { code } = await strict.client.withToken(made).with(thief).graphql('{ me { id } }');
    expect(code).toBe('UNAUTHENTICATED');
    await strict.stop();
  });
});

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What is wrong with a token, and such a token; each but for that is good. */
const bad: readonly [string, () => Promise<string> | string][] = [
  ['is garbage', () => 'a.b.c'],
  [
    'says none for an algorithm',
    () =>
      `${base64url({ ...decodeProtectedHeader(token), alg: 'none' })}.${base64url(decodeJwt(token))}.`,
  ],
  [
    'is signed with HS256 and the public key for a secret',
    () => forge(token, Buffer.from(JSON.stringify(key.publicJwk)), {}, { alg: 'HS256' }),
  ],
  [
    'says ES256 but was signed with HS256',
    async () => {
      const secret = Buffer.from(JSON.stringify(key.publicJwk));
      const [, claims, signature] = (await forge(token, secret, {}, { alg: 'HS256' })).split('.');
      return [token.split('.')[0], claims, signature].join('.');
    },
  ],
  [
    'is signed with ES384',
    async () => {
      const { privateKey } = await generateKeyPair('ES384', { extractable: true });
      return forge(token, await exportJWK(privateKey), {}, { alg: 'ES384' });
    },
  ],
  [
    'is signed with a foreign key',
    async () => {
      const { privateKey } = await generateKeyPair('ES256', { extractable: true });
      return forge(token, await exportJWK(privateKey));
    },
  ],
  ['names a key nobody knows', () => forge(token, key.privateJwk, {}, { kid: missingId })],
  ['is of another type', () => forge(token, key.privateJwk, {}, { typ: 'JWT' })],
  [
    'has expired',
    () => forge(token, key.privateJwk, { iat: seconds() - 300, exp: seconds() - 10 }),
  ],
  ['never expires', () => forge(token, key.privateJwk, { exp: undefined })],
  ['was made too long ago', () => forge(token, key.privateJwk, { iat: seconds() - 700 })],
  [
    'is from the future',
    () => forge(token, key.privateJwk, { iat: seconds() + 60, exp: seconds() + 600 }),
  ],
  ['is not yet valid', () => forge(token, key.privateJwk, { nbf: seconds() + 60 })],
  ['has another issuer', () => forge(token, key.privateJwk, { iss: 'https://example.org' })],
  ['has another audience', () => forge(token, key.privateJwk, { aud: 'https://example.org' })],
  ['names another user', () => forge(token, key.privateJwk, { sub: missingId })],
  ['names another session', () => forge(token, key.privateJwk, { sid: missingId })],
  ['names no session', () => forge(token, key.privateJwk, { sid: undefined })],
  [
    'was tampered with',
    () => {
      const [header, , signature] = token.split('.');
      return [header, base64url({ ...decodeJwt(token), roles: ['Owner'] }), signature].join('.');
    },
  ],
  ['lost its signature', () => token.split('.').slice(0, 2).join('.')],
];

test.each(bad)('a token that %s is nobody’s', async (_, make) => {
  expect(await bearer(await forge(token, key.privateJwk))).toBe(person.id);
  const answer = await server.client.withToken(await make()).graphql('{ mySessions { id } }');
  expect(answer.code).toBe('UNAUTHENTICATED');
});
